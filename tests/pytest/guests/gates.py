"""The library that the guests use, how they close a gate twice, and how they know that a call is held back."""
import ctypes
import time

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


def memory_of_guards():
    """Where the guards' library is, with what is zero at first: that is mapped just behind the file."""
    begin = end = 0
    with open("/proc/self/maps", encoding="utf-8") as maps:
        for line in maps:
            low, high = (int(word, 16) for word in line.split()[0].split("-"))
            if "/libhandleguard.so" in line or low == end:
                begin, end = begin or low, high
    return range(begin, end)


def await_held(thread):
    """Until it sleeps for a word of the guards: no free waits here, so a call is held back."""
    guards = memory_of_guards()
    while True:
        with open(f"/proc/self/task/{thread.native_id}/syscall", encoding="utf-8") as file:
            words = file.read().split()
        if len(words) > 2 and int(words[1], 16) in guards:
            return
        time.sleep(0.001)
