"""Prints what walks cost: COSTS.py PROBE. The budget: 10 us of the own thread, 500 us of another, 60 ns a key."""
import ctypes
import sys
import tempfile
import threading

DEPTH = 20

probe = ctypes.CDLL(sys.argv[1])
probe.probe_own_cost.restype = probe.probe_other_cost.restype = probe.probe_key_cost.restype = ctypes.c_double


def deep(work, depth=DEPTH):
    return deep(work, depth - 1) if depth else work()


def least(measure, *arguments):
    return min(measure(*arguments) for _ in range(5))


def main():
    probe.probe_start(folder.encode())
    print("Python", sys.version.split()[0])
    print("own thread, main: %8.0f ns" % deep(lambda: least(probe.probe_own_cost, 1000)))
    thread = threading.Thread(target=deep, args=(lambda: print("own thread, other:%8.0f ns" % least(probe.probe_own_cost, 1000)),))
    thread.start()
    thread.join()
    parked = threading.Thread(target=deep, args=(probe.probe_park,))
    parked.start()
    while not probe.probe_parked():
        pass
    print("another thread:   %8.0f ns" % least(probe.probe_other_cost, 0, 1000))
    probe.probe_let_go()
    parked.join()
    print("key:              %8.1f ns" % deep(lambda: least(probe.probe_key_cost, 100000)))


with tempfile.TemporaryDirectory() as folder:
    main()
