"""What a handle's life costs that Python gives it through ctypes, in ns: LIVES.py LIBRARY known|first|deep|another.

`known`: a create and a free at a place that was seen before. `first`: what either takes longer at a place where it is seen for
the first time, by the median of many places. `deep`: the same with more frames around it than are told. `another`: a free that
meets an op of another thread, which is at a place where it is seen for the first time; also by the median."""
import ctypes
import statistics
import sys
import threading
import time

LIVES, TURNS, DEPTH, ANOTHERS = 2000, 6, 100, 16

target = ctypes.CDLL(sys.argv[1])
target.target_open.restype = ctypes.c_void_p
target.target_free.argtypes = target.target_wait.argtypes = [ctypes.c_void_p]


def life():
    target.target_free(target.target_open())


def take_turns(turns, work=life, left=TURNS):
    """A life at one of as many places as there are turns to take: each is called from one of two lines."""
    if not left:
        work()
    elif turns & 1:
        take_turns(turns >> 1, work, left - 1)
    else:
        take_turns(turns >> 1, work, left - 1)


def time_of(work, *arguments):
    begun = time.perf_counter_ns()
    work(*arguments)
    return time.perf_counter_ns() - begun


def many_lives():
    for _ in range(LIVES):
        life()


def known():
    many_lives()
    return time_of(many_lives) / LIVES


def first():
    life()
    return statistics.median(time_of(take_turns, turns) - time_of(take_turns, turns) for turns in range(1 << TURNS)) / 2


def deep(depth=DEPTH):
    return deep(depth - 1) if depth else first()


def another():
    times, threads = [], []
    for turns in range(ANOTHERS):
        handle = target.target_open()
        threads.append(threading.Thread(target=take_turns, args=(turns, lambda handle=handle: target.target_wait(handle))))
        threads[-1].start()
        while target.target_waiting() != turns + 1:
            pass
        times.append(time_of(target.target_free, handle))
    target.target_open_gate()
    for thread in threads:
        thread.join()
    return statistics.median(times)


print({"known": known, "first": first, "deep": deep, "another": another}[sys.argv[2]]())
