"""A hundred gates, each closed from another line of one function while a thread waits in it."""
import threading

import late_free

library = late_free.open_ctypes()


def close(gate):
    library.gate_close(gate)


def close_all(gates):
    # LINES
    pass


gates = [library.gate_open() for _ in range(100)]
threads = [threading.Thread(target=library.gate_wait, args=(gate,)) for gate in gates]
for thread, gate in zip(threads, gates):
    thread.start()
    library.gate_await_parked(gate, 1)
close_all(gates)
for thread, gate in zip(threads, gates):
    library.gate_let_go(gate)
    thread.join()
