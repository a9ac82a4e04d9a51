#!/usr/bin/env python3
"""Two threads of a Python program share one SQLite cursor, and both call execute() on it.

Python's sqlite3 module lets go of the interpreter lock around each call into libsqlite3. So while one thread steps
through a row that takes a while to find, the other thread's execute() resets and finalizes the statement under it.
Unguarded, the interpreter dies within a second or so, of a bus error or segmentation fault in code that did nothing
wrong. The program ends by itself if it survives.

usage: shared_cursor.py [SECONDS]
"""
import sqlite3
import sys
import threading
import time

# A row every thousand numbers, so that most of the time is spent inside sqlite3_step().
QUERY = """
    WITH RECURSIVE numbers(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM numbers WHERE x < ?)
    SELECT x FROM numbers WHERE x % 1000 = 0
"""


def read_rows(cursor, until):
    """Runs the query again and again. That Python or SQLite object is part of the race, and no news."""
    while time.monotonic() < until:
        try:
            for _ in cursor.execute(QUERY, (20000,)):
                pass
        except (sqlite3.Error, SystemError, MemoryError):
            pass


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    # Without its cache of statements, the module finalizes the old statement at each execute().
    connection = sqlite3.connect(":memory:", check_same_thread=False, cached_statements=0)
    cursor = connection.cursor()
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=read_rows, args=(cursor, until), name=f"reader-{i}") for i in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"survived {seconds:g} seconds")


if __name__ == "__main__":
    main()
