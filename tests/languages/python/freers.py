"""Frees a gate while another thread waits in it, in each way that reports tell apart, and in ways that look like them and
must not be taken for them. Says of each which gate it is."""
import atexit
import ctypes
import gc
import queue
import sys
import threading
import weakref

from late_free import open_ctypes

LIBRARY = open_ctypes()
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
LIBRARY.gate_call.argtypes = [ctypes.c_void_p, CALLBACK, ctypes.c_void_p]


class Owner:
    def __init__(self, gate, close):
        self.gate, self.close = gate, close

    def __del__(self):
        self.close(self.gate)


class Weak:
    pass


def close(gate):
    LIBRARY.gate_close(gate)


def by_a_thread(how, close_it):
    """HOW is handed what queues a gate, for a thread that closes it."""
    gates = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: close_it(gates.get()))
    thread.start()
    how(gates.put)
    thread.join()


def timer(gate):
    thread = threading.Timer(0, close, [gate])
    thread.start()
    thread.join()


def timers_queue(gate):
    def how(put):
        thread = threading.Timer(0, put, [gate])
        thread.start()
        thread.join()
    by_a_thread(how, lambda gate: close(gate))


def close_beside_timer(gate):
    thread = threading.Timer(3600, print)
    thread.start()
    thread.cancel()
    close(gate)
    thread.join()


def timers_function(gate):
    thread = threading.Timer(3600, close, [gate])
    thread.function(*thread.args)


class Timer(threading.Thread):
    """Not the one of threading, and it waits for nothing."""

    def __init__(self, gate):
        super().__init__()
        self.gate = gate

    def run(self):
        close(self.gate)


def timer_of_its_own(gate):
    thread = Timer(gate)
    thread.start()
    thread.join()


def last_reference(gate):
    owner = Owner(gate, close)
    del owner


def dels_queue(gate):
    by_a_thread(lambda put: Owner(gate, put) and None, lambda gate: close(gate))


def del_by_hand(gate):
    owner = Owner(gate, close)
    owner.__del__()
    owner.close = lambda _: None


def collector(gate):
    owner = Owner(gate, close)
    owner.itself = owner
    del owner
    gc.collect()


def collectors_queue(gate):
    def how(put):
        owner = Owner(gate, put)
        owner.itself = owner
        del owner
        gc.collect()
    by_a_thread(how, lambda gate: close(gate))


def after_collector(gate):
    gc.collect()
    close(gate)


def weak(gate):
    owner = Weak()
    weakref.finalize(owner, close, gate)
    del owner


def weaks_queue(gate):
    def how(put):
        owner = Weak()
        weakref.finalize(owner, put, gate)
        del owner
    by_a_thread(how, lambda gate: close(gate))


def weak_by_hand(gate):
    owner = Weak()
    weakref.finalize(owner, close, gate)()


def callback(gate):
    other = LIBRARY.gate_open()
    LIBRARY.gate_call(other, CALLBACK(close), gate)
    LIBRARY.gate_close(other)


def callbacks_queue(gate):
    def how(put):
        other = LIBRARY.gate_open()
        LIBRARY.gate_call(other, CALLBACK(put), gate)
        LIBRARY.gate_close(other)
    by_a_thread(how, lambda gate: close(gate))


def after_callback(gate):
    other = LIBRARY.gate_open()
    LIBRARY.gate_call(other, CALLBACK(lambda _: None), gate)
    LIBRARY.gate_close(other)
    close(gate)


def atexit_by_hand(gate):
    def exit_function():
        close(gate)
    atexit.register(exit_function)
    exit_function()
    atexit.unregister(exit_function)


class Waiter:
    """A thread that waits in a gate of its own; the interpreter's end does not wait for it."""

    def __init__(self, name):
        self.gate = LIBRARY.gate_open()
        print("way", name, hex(self.gate), flush=True)
        self.thread = threading.Thread(target=LIBRARY.gate_wait, args=(self.gate,), daemon=True)
        self.thread.start()
        LIBRARY.gate_await_parked(self.gate, 1)

    def end(self):
        LIBRARY.gate_let_go(self.gate)
        self.thread.join()


def play(way):
    waiter = Waiter(way.__name__)
    way(waiter.gate)
    waiter.end()


def play_the_end():
    """Frees when the main thread has nothing left to do, and by what the interpreter calls at its end."""
    left, queued, called = Waiter("after_main"), Waiter("exits_queue"), Waiter("exit")
    exits, closed = queue.SimpleQueue(), threading.Event()

    def after_main():
        threading.main_thread().join()
        close(left.gate)
        left.end()

    def close_queued():
        close(exits.get())
        closed.set()

    def at_exit():
        exits.put(queued.gate)
        closed.wait()
        queued.end()
        close(called.gate)
        called.end()
        print("done", flush=True)
    atexit.register(at_exit)
    threading.Thread(target=after_main).start()
    threading.Thread(target=close_queued, daemon=True).start()


for each in (timer, timers_queue, timers_function, timer_of_its_own, close_beside_timer, last_reference, dels_queue, collector, collectors_queue,
             after_collector, weak, weaks_queue, weak_by_hand, callback, callbacks_queue, after_callback, atexit_by_hand):
    play(each)
if sys.version_info >= (3, 11):
    play(del_by_hand)  # before, it is taken for a finalizer
play_the_end()
