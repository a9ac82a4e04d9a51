"""Greenlets that are parked in callbacks of one thread's calls, and the library's own function as a callback.

Usage: callbacks.py WHAT

in_op           a gate is closed while a greenlet is parked in an op on it
in_close        a gate is used and closed again while a greenlet is parked in the close of it
close_itself    gate_close itself is the callback of an op on the gate
fixed           more greenlets than a thread has room for are parked, in ops and in closes; each gate is closed when its
                own greenlet has left, and what closes it uses it once more
"""
import ctypes
import errno
import sys

import greenlet

library = ctypes.CDLL("libgate.so")
library.gate_open.restype = ctypes.c_void_p
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
library.gate_touch.argtypes = [ctypes.c_void_p]
library.gate_call.argtypes = [ctypes.c_void_p, CALLBACK, ctypes.c_void_p]
library.gate_close.argtypes = [ctypes.c_void_p]
library.gate_close_with.argtypes = [ctypes.c_void_p, CALLBACK, ctypes.c_void_p]

MAIN = greenlet.getcurrent()
COUNT = 100


@CALLBACK
def park(_):
    MAIN.switch("inside")


touched = []


@CALLBACK
def park_and_touch(gate):
    MAIN.switch("inside")
    touched.append(library.gate_touch(gate))


def call(gate):
    return library.gate_call(gate, park, None)


def close(gate):
    library.gate_close_with(gate, park_and_touch, gate)
    return "closed"


def enter(function, gate):
    """The greenlet that is parked in it."""
    caller = greenlet.greenlet(function)
    assert caller.switch(gate) == "inside"
    return caller


def in_op():
    gate = library.gate_open()
    caller = enter(call, gate)
    library.gate_close(gate)
    assert library.gate_frees() == 0
    assert caller.switch() == 4


def in_close():
    gate = library.gate_open()
    caller = enter(close, gate)
    assert library.gate_touch(gate) == -errno.EPIPE
    library.gate_close(gate)
    assert library.gate_frees() == 0
    assert caller.switch() == "closed" and touched == [1]


def close_itself():
    gate = library.gate_open()
    assert library.gate_call(gate, ctypes.cast(library.gate_close, CALLBACK), gate) == 4


def fixed():
    gates = [library.gate_open() for _ in range(COUNT)]
    inside = [enter(call, gate) for gate in gates]
    closing = [enter(close, library.gate_open()) for _ in range(COUNT)]
    other = library.gate_open()
    assert library.gate_touch(other) == 1
    library.gate_close(other)
    for caller in closing:
        assert caller.switch() == "closed"
    for caller, gate in zip(inside, gates):
        assert caller.switch() == 4
        assert library.gate_touch(gate) == 1
        library.gate_close(gate)
    assert library.gate_frees() == 2 * COUNT + 1 and touched == [1] * COUNT


globals()[sys.argv[1]]()
if sys.argv[1] != "fixed":
    assert library.gate_frees() == 1
assert library.gate_violations() == 0
print("done")
