"""An owner of a gate that is part of a cycle: its __del__ closes the gate when garbage is collected. A worker that has kept
the gate itself, and not its owner, uses it then. Given "fixed", it keeps the owner.

The collector does not come by itself in a run as short as this one."""
import ctypes
import gc
import sys
import threading
import time

GATE = ctypes.CDLL("libgate.so")
GATE.gate_open.restype = ctypes.c_void_p
for name in "gate_touch", "gate_close":
    getattr(GATE, name).argtypes = [ctypes.c_void_p]


class Owner:
    def __init__(self):
        self.gate = GATE.gate_open()
        self.myself = self

    def __del__(self):
        GATE.gate_close(self.gate)


def work(fixed):
    for _ in range(60):
        owner = Owner()
        gate = owner.gate
        if not fixed:
            owner = None
        GATE.gate_touch(gate)
        time.sleep(0.001)
        owner = None


gc.set_threshold(1 << 30)
worker = threading.Thread(target=work, args=[sys.argv[1] == "fixed"])
worker.start()
while worker.is_alive():
    time.sleep(0.0002)
