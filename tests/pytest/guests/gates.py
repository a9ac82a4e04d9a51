"""The library that the guests use, and how they close a gate twice."""
import ctypes

LIBRARY = ctypes.CDLL("libgate.so")
LIBRARY.gate_open.restype = ctypes.c_void_p
LIBRARY.gate_close.argtypes = LIBRARY.gate_touch.argtypes = [ctypes.c_void_p]


def close_once():
    LIBRARY.gate_close(LIBRARY.gate_open())


def close_twice(gate=None):
    gate = gate or LIBRARY.gate_open()
    LIBRARY.gate_close(gate)
    LIBRARY.gate_close(gate)


def touch_late():
    gate = LIBRARY.gate_open()
    LIBRARY.gate_close(gate)
    LIBRARY.gate_touch(gate)
