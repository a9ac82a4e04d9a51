"""A handle of each class of ZeroMQ's."""
import ctypes


class Handles:
    def __init__(self, library):
        self.library = library
        for name in ("zmq_ctx_new", "zmq_socket", "zmq_poller_new", "zmq_timers_new", "zmq_atomic_counter_new",
                     "zmq_stopwatch_start", "zmq_threadstart"):
            if hasattr(library, name):
                getattr(library, name).restype = ctypes.c_void_p

    def context(self):
        return ctypes.c_void_p(self.library.zmq_ctx_new())

    def socket(self):
        return ctypes.c_void_p(self.library.zmq_socket(self.context(), 0))

    def poller(self):
        return ctypes.c_void_p(self.library.zmq_poller_new())

    def timers(self):
        return ctypes.c_void_p(self.library.zmq_timers_new())

    def counter(self):
        return ctypes.c_void_p(self.library.zmq_atomic_counter_new())

    def stopwatch(self):
        return ctypes.c_void_p(self.library.zmq_stopwatch_start())

    def thread(self):
        return ctypes.c_void_p(self.library.zmq_threadstart(ctypes.CFUNCTYPE(None, ctypes.c_void_p)(print), None))
