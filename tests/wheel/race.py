"""A statement is finalized by one thread while another is in a step of it that does not end before: told in each run."""
import ctypes
import threading

sqlite = ctypes.CDLL("libsqlite3.so.0")
ENDLESS = b"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"


class Query:
    def __init__(self):
        self.db, self.statement = ctypes.c_void_p(), ctypes.c_void_p()
        self.stepping, self.finalized = threading.Event(), threading.Event()
        self.handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(self.is_to_stop)
        sqlite.sqlite3_open(b":memory:", ctypes.byref(self.db))
        sqlite.sqlite3_progress_handler(self.db, 1000, self.handler, None)
        sqlite.sqlite3_prepare_v2(self.db, ENDLESS, -1, ctypes.byref(self.statement), None)

    def is_to_stop(self, _):
        self.stepping.set()
        return self.finalized.is_set()

    def step(self):
        sqlite.sqlite3_step(self.statement)

    def close(self):
        sqlite.sqlite3_finalize(self.statement)
        self.finalized.set()


def test_close_while_stepping():
    query = Query()
    thread = threading.Thread(target=query.step)
    thread.start()
    query.stepping.wait()
    query.close()
    thread.join()


if __name__ == "__main__":
    test_close_while_stepping()
