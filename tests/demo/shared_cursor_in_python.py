#!/usr/bin/env python3
"""The shared cursor once more, but the cursor is Python code: it reaches libsqlite3 through ctypes, and does with each
statement what Python's sqlite3 module does. So all that the two threads can tear down under each other is the library's
statement; the cursor itself stays whole. Unguarded, the interpreter dies within a tenth of a second.

usage: shared_cursor_in_python.py [SECONDS]
"""
import ctypes
import sys
import threading
import time

# A row every thousand numbers, so that most of the time is spent inside sqlite3_step().
QUERY = b"""
    WITH RECURSIVE numbers(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM numbers WHERE x < 20000)
    SELECT x FROM numbers WHERE x % 1000 = 0
"""
OK, ROW = 0, 100

sqlite = ctypes.CDLL("libsqlite3.so.0")
sqlite.sqlite3_prepare_v2.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
sqlite.sqlite3_column_int64.argtypes = [ctypes.c_void_p, ctypes.c_int]
for function in sqlite.sqlite3_step, sqlite.sqlite3_reset, sqlite.sqlite3_finalize:
    function.argtypes = [ctypes.c_void_p]


class Cursor:
    def __init__(self):
        self.connection, self.statement = ctypes.c_void_p(), None
        if sqlite.sqlite3_open(b":memory:", ctypes.byref(self.connection)) != OK:
            sys.exit("no connection")

    def execute(self):
        """Ends the statement that ran before, whoever uses it, and begins another."""
        statement = ctypes.c_void_p()
        sqlite.sqlite3_reset(self.statement)
        sqlite.sqlite3_prepare_v2(self.connection, QUERY, -1, ctypes.byref(statement), None)
        before, self.statement = self.statement, statement.value
        sqlite.sqlite3_finalize(before)

    def rows(self):
        while sqlite.sqlite3_step(self.statement) == ROW:
            yield sqlite.sqlite3_column_int64(self.statement, 0)
        sqlite.sqlite3_reset(self.statement)


def read_rows(cursor, until):
    """Runs the query again and again. What it answers while another does the same is no news."""
    while time.monotonic() < until:
        cursor.execute()
        for _ in cursor.rows():
            pass


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    cursor = Cursor()
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=read_rows, args=(cursor, until), name=f"reader-{i}") for i in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"survived {seconds:g} seconds")


if __name__ == "__main__":
    main()
