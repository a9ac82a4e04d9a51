"""What a handle's life costs that Python gives it through ctypes, in ns: LIVES.py LIBRARY known|first.

`known`: a create and a free at a place that was seen before. `first`: what either takes longer at a place where it is seen for
the first time, by the median of many places."""
import ctypes
import statistics
import sys
import time

LIVES, TURNS = 2000, 6

target = ctypes.CDLL(sys.argv[1])
target.target_open.restype = ctypes.c_void_p
target.target_free.argtypes = [ctypes.c_void_p]


def life():
    target.target_free(target.target_open())


def take_turns(turns, left=TURNS):
    """A life at one of as many places as there are turns to take: each is called from one of two lines."""
    if not left:
        life()
    elif turns & 1:
        take_turns(turns >> 1, left - 1)
    else:
        take_turns(turns >> 1, left - 1)


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


print({"known": known, "first": first}[sys.argv[2]]())
