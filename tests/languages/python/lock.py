"""Frees gates while an op waits in them, with the interpreter's lock held and without it.

usage: lock.py CASE
"""
import ctypes
import errno
import sys
import threading

FREE = ctypes.CDLL("libgate.so")  # lets go of the lock around each call
HOLDING = ctypes.PyDLL("libgate.so")
for library in (FREE, HOLDING):
    library.gate_open.restype = ctypes.c_void_p
    for name in ("gate_close", "gate_touch", "gate_wait", "gate_let_go"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
    library.gate_await_parked.argtypes = [ctypes.c_void_p, ctypes.c_int]


def parked(daemon=False):
    """A gate, and a thread that waits in it."""
    gate = FREE.gate_open()
    waiter = threading.Thread(target=FREE.gate_wait, args=(gate,), name="waiter", daemon=daemon)
    waiter.start()
    FREE.gate_await_parked(gate, 1)
    return gate, waiter


def free_with_lock():
    """Nobody but this thread can let go of the op."""
    gate, waiter = parked()
    HOLDING.gate_close(gate)
    assert FREE.gate_frees() == 0
    FREE.gate_let_go(gate)
    waiter.join()
    assert FREE.gate_frees() == 1


def free_without_lock():
    gate, waiter = parked()

    def let_go():
        # From when the free has begun, calls are rejected.
        while FREE.gate_touch(gate) != -errno.EPIPE:
            pass
        assert FREE.gate_frees() == 0
        FREE.gate_let_go(gate)

    other = threading.Thread(target=let_go)
    other.start()
    FREE.gate_close(gate)
    assert FREE.gate_frees() == 1
    waiter.join()
    other.join()


def interpreters():
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            return __import__(name)
        except ImportError:
            pass
    raise SystemExit("no subinterpreters")


def new_interpreter(module):
    try:
        return module.create("legacy")
    except TypeError:
        return module.create(isolated=False) if sys.version_info >= (3, 9) else module.create()


def free_without_lock_beside_another_interpreter():
    """Since there has been another, PyGILState_Check says that everybody holds the lock."""
    module = interpreters()
    other = new_interpreter(module)
    module.run_string(other, "pass")
    free_without_lock()


def free_with_lock_in_another_interpreter():
    module = interpreters()
    other = new_interpreter(module)
    gate, waiter = parked()
    module.run_string(other, f"""if True:
        import ctypes
        close = ctypes.PyDLL("libgate.so").gate_close
        close.argtypes = [ctypes.c_void_p]
        close({gate})
        """)
    assert FREE.gate_frees() == 0
    FREE.gate_let_go(gate)
    waiter.join()
    assert FREE.gate_frees() == 1


def free_by_foreign_thread():
    """A thread that Python knows nothing of, while this one has the lock."""
    libc = ctypes.PyDLL(None)
    gate, waiter = parked()
    thread = ctypes.c_ulong()
    assert libc.pthread_create(ctypes.byref(thread), None, HOLDING.gate_close, ctypes.c_void_p(gate)) == 0
    while HOLDING.gate_touch(gate) != -errno.EPIPE:
        libc.sched_yield()
    assert HOLDING.gate_frees() == 0
    HOLDING.gate_let_go(gate)
    assert libc.pthread_join(thread, None) == 0
    assert FREE.gate_frees() == 1
    waiter.join()


def free_that_calls_back():
    """The library calls Python on its own, without the lock."""
    threads = []
    tell = lambda: threads.append(threading.get_ident())
    call = ctypes.cast(ctypes.pythonapi.PyObject_CallNoArgs, ctypes.c_void_p)
    gate, waiter = parked()
    HOLDING.gate_close_with(ctypes.c_void_p(gate), call, ctypes.py_object(tell))
    FREE.gate_let_go(gate)
    waiter.join()
    assert FREE.gate_frees() == 0 and not threads
    other = FREE.gate_open()
    HOLDING.gate_close_with(ctypes.c_void_p(other), call, ctypes.py_object(tell))
    assert FREE.gate_frees() == 1 and threads == [threading.get_ident()]


class Owner:
    """Frees its gate when it is finalized, with the lock."""

    def __init__(self, gate, close=HOLDING.gate_close):
        self.gate, self.close = gate, close

    def __del__(self):
        self.close(self.gate)


def free_at_the_end():
    """The interpreter ends while a daemon is in an op that never returns."""
    global owner
    gate, _ = parked(daemon=True)
    owner = Owner(gate)


globals()[sys.argv[1]]()
print("done", flush=True)
