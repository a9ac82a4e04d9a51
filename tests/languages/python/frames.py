"""Gates are closed in every way that Python knows, each while a thread waits in it. For each way a line says what the
interpreter itself tells of all sides, and who closed the gate.

Usage: frames.py open_ctypes|open_cffi|open_cffi_api|open_extension WAY|all
"""
import asyncio
import atexit
import ctypes
import gc
import json
import os
import sys
import threading
import weakref

import late_free

library = getattr(late_free, sys.argv[1])()
sides = {}


# Where a function is called when the interpreter ends, it brings along what it needs: by then globals are None.
def note(side, sides=sides, frame_of=sys._getframe, name="co_qualname" if sys.version_info >= (3, 11) else "co_name"):
    """What the calling thread is in; the guarded call stands in the same line."""
    frame, stack = frame_of(1), []
    while frame:
        stack.append([getattr(frame.f_code, name), frame.f_code.co_filename, frame.f_lineno])
        frame = frame.f_back
    sides[side] = stack


def close(gate, library=library, note=note):
    note("call"), library.gate_close(gate)


class Reader:
    """A thread that waits in a gate of its own."""

    def __init__(self, daemon=False):
        self.gate = self.create()
        self.thread = threading.Thread(target=self.receive, args=(self.gate,), daemon=daemon)
        self.thread.start()
        library.gate_await_parked(self.gate, 1)

    def create(self):
        return (note("create"), library.gate_open())[1]

    def receive(self, gate):
        note("in_flight"), library.gate_wait(gate)

    def end(self):
        library.gate_let_go(self.gate)
        self.thread.join()


class Owner:
    def __init__(self, gate, close=close):
        self.gate, self.close = gate, close

    def shut(self):
        self.close(self.gate)

    def __del__(self):
        if self.gate:
            self.shut()


def by_method(gate):
    owner = Owner(gate)
    [owner.shut() for _ in range(1)]
    owner.gate = None


def by_generator(gate):
    def généré():
        yield close(gate)
    for _ in généré():
        pass


def by_coroutine(gate):
    async def inner():
        await asyncio.sleep(0)
        close(gate)

    async def outer():
        await inner()
    asyncio.run(outer())


def by_last_reference(gate):
    owners = [Owner(gate)]
    owners.clear()


def by_collector(gate):
    owner = Owner(gate)
    owner.me = owner
    del owner
    gc.collect()


def by_hand(gate):
    owner = Owner(gate)
    owner.__del__()
    owner.gate = None


def by_weak_reference(gate):
    target = threading.Event()
    reference = weakref.ref(target, lambda _: close(gate))
    del target
    return reference


def by_weak_finalize(gate):
    target = threading.Event()
    weakref.finalize(target, close, gate)
    del target


def by_thread(gate):
    closer = threading.Thread(target=close, args=(gate,))
    closer.start()
    closer.join()


def by_callback(gate):
    """The op calls back, and the callback closes its gate."""
    callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(close)
    library.gate_call.argtypes = [ctypes.c_void_p, type(callback), ctypes.c_void_p]
    note("in_flight"), library.gate_call(gate, callback, gate)


def in_callback(gate):
    """A second thread's op is in a callback, which stands still further in."""
    inside, over = threading.Event(), threading.Event()

    @ctypes.CFUNCTYPE(None, ctypes.c_void_p)
    def callback(_):
        inside.set()
        over.wait()

    def call():
        note("in_flight"), library.gate_call(gate, callback, None)
    library.gate_call.argtypes = [ctypes.c_void_p, type(callback), ctypes.c_void_p]
    caller = threading.Thread(target=call)
    caller.start()
    inside.wait()
    close(gate)
    over.set()
    caller.join()


def by_exit(gate):
    """Last: the interpreter does not wait for the thread, which is in the gate when it ends."""
    def at_exit():
        close(gate)
        say("by_exit")
    atexit.register(at_exit)


def by_end(gate, write=os.write, sides=sides):
    """The very last: by now there are no frames of the other thread any more, and no json."""
    def close_and_say(gate, close=close):
        close(gate)
        sides["in_flight"] = []
        write(1, str({"way": "by_end", "sides": sides}).replace("'", '"').encode())
    sys.owner_of_the_end = Owner(gate, close_and_say)


WAYS = [by_method, by_generator, by_coroutine, by_last_reference, by_collector, by_hand, by_weak_reference,
        by_weak_finalize, by_thread]


def say(way):
    print(json.dumps({"way": way, "sides": sides}), flush=True)


def main():
    for way in WAYS if sys.argv[2] == "all" else [globals()[sys.argv[2]]]:
        reader = Reader(daemon=way in (by_exit, by_end))
        way(reader.gate)
        if not reader.thread.daemon:
            say(way.__name__)
            reader.end()


main()
