"""Two greenlets of one thread are each inside an op. The one that entered first leaves first, and its gate is closed
while the other is still inside its own."""
import ctypes

import greenlet

library = ctypes.CDLL("libgate.so")
library.gate_open.restype = ctypes.c_void_p
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
library.gate_call.argtypes = [ctypes.c_void_p, CALLBACK, ctypes.c_void_p]
library.gate_close.argtypes = [ctypes.c_void_p]

MAIN = greenlet.getcurrent()


def call(gate):
    """Goes to the main greenlet from inside the op."""
    assert library.gate_call(gate, CALLBACK(lambda _: MAIN.switch("inside")), None) == 4
    return "left"


def main():
    gates = [library.gate_open(), library.gate_open()]
    callers = [greenlet.greenlet(call), greenlet.greenlet(call)]
    for caller, gate in zip(callers, gates):
        assert caller.switch(gate) == "inside"
    for caller, gate in zip(callers, gates):
        assert caller.switch() == "left"
        library.gate_close(gate)
    print("done")


main()
