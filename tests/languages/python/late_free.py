"""A thread closes a gate while another waits in it. The fixed variant waits for that thread first.

Usage: late_free.py open_ctypes|open_cffi|open_cffi_api|open_extension race|fixed
"""
import ctypes
import sys
import threading


def open_ctypes():
    library = ctypes.CDLL("libgate.so")
    library.gate_open.restype = ctypes.c_void_p
    for name in ("gate_wait", "gate_close", "gate_let_go"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
    library.gate_await_parked.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return library


def open_cffi():
    import cffi
    import build_cffi
    ffi = cffi.FFI()
    ffi.cdef(build_cffi.DECLARATIONS)
    return ffi.dlopen("libgate.so")


def open_cffi_api():
    from _gate import lib
    return lib


def open_extension():
    import gate_extension
    return gate_extension


def main():
    library = globals()[sys.argv[1]]()
    gate = library.gate_open()
    waiter = threading.Thread(target=library.gate_wait, args=(gate,))
    waiter.start()
    library.gate_await_parked(gate, 1)
    if sys.argv[2] == "race":
        library.gate_close(gate)
    library.gate_let_go(gate)
    waiter.join()
    if sys.argv[2] == "fixed":
        library.gate_close(gate)
    print("done")


if __name__ == "__main__":
    main()
