"""Threads that open and close gates at many places while the interpreter ends: it does not wait for them, and takes their
frames away while they are inside the library."""
import sys
import threading
import time

import late_free

library = late_free.open_ctypes()
LINES = "".join("        library.gate_close(library.gate_open())\n" for _ in range(200))
namespace = {"library": library, "begun": threading.Semaphore(0)}
exec(f"def work():\n    begun.release()\n    while True:\n{LINES}", namespace)


class Last:
    """Holds the end up while the others go on."""

    def __del__(self, sleep=time.sleep):
        sleep(0.02)


for _ in range(3):
    threading.Thread(target=namespace["work"], daemon=True).start()
for _ in range(3):
    namespace["begun"].acquire()
sys.last = Last()
