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


def play(way):
    gate = LIBRARY.gate_open()
    print("way", way.__name__, hex(gate), flush=True)
    waiter = threading.Thread(target=LIBRARY.gate_wait, args=(gate,))
    waiter.start()
    LIBRARY.gate_await_parked(gate, 1)
    way(gate)
    LIBRARY.gate_let_go(gate)
    waiter.join()


for each in (timer, timers_queue, close_beside_timer, last_reference, dels_queue, collector, collectors_queue,
             after_collector, weak, weaks_queue, weak_by_hand, callback, callbacks_queue, after_callback, atexit_by_hand):
    play(each)
if sys.version_info >= (3, 11):
    play(del_by_hand)  # before, it is taken for a finalizer
print("done")
