#!/usr/bin/python3
"""A correct user of the sqlite3 module: everything it opens is closed, in every order that the module allows."""
import sqlite3
import sys
import threading

THREADS, ROUNDS, ROWS = 4, 30, 50
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


def open_memory(**options):
    connection = sqlite3.connect(":memory:", **options)
    connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, x BLOB)")
    connection.executemany("INSERT INTO t(x) VALUES(?)", [(bytes(64),)] * ROWS)
    connection.commit()
    return connection


def statements(connection):
    for i in range(ROWS):
        row = connection.execute(f"SELECT {i}, ?, ?", (i, i / 4)).fetchone()
        check(row == (i, i, i / 4), "a statement gives back what it was given")
    check(len(connection.execute("SELECT * FROM t").fetchall()) == ROWS, "all rows are there")


def functions(connection):
    connection.create_function("twice", 1, lambda value: value * 2)
    connection.create_collation("backwards", lambda a, b: (a < b) - (a > b))
    check(connection.execute("SELECT twice(21)").fetchone() == (42,), "a function is called")
    connection.execute("SELECT x FROM (SELECT 'a' x UNION SELECT 'b') ORDER BY x COLLATE backwards").fetchall()


def traced(connection):
    seen = []
    connection.set_trace_callback(seen.append)
    connection.executescript("UPDATE t SET x = NULL WHERE id = 2; DELETE FROM t WHERE id = 3;")
    connection.set_trace_callback(None)
    check(any("DELETE" in text for text in seen), "statements are traced")


def blobs_and_backups(connection):
    with connection.blobopen("t", "x", 1) as blob:
        blob.write(b"12345678")
        blob.seek(0)
        check(blob.read(8) == b"12345678", "a blob keeps what was written")
    copy = sqlite3.connect(":memory:")
    connection.backup(copy)
    check(copy.execute("SELECT count(*) FROM t").fetchone() == (ROWS - 1,), "a backup has all rows")
    copy.close()


def errors(connection):
    for text in ("SELEKT 1", "SELECT * FROM nowhere"):
        try:
            connection.execute(text)
            failures.append("wrong SQL is refused")
        except sqlite3.OperationalError:
            pass
    try:
        sqlite3.connect("/nowhere/at/all")
        failures.append("a file that cannot be opened is refused")
    except sqlite3.OperationalError:
        pass


def own_connection():
    for _ in range(ROUNDS):
        connection = open_memory()
        for part in (statements, functions, traced, blobs_and_backups, errors):
            part(connection)
        cursor = connection.execute("SELECT * FROM t")
        cursor.fetchone()
        connection.close()      # the cursor's statement outlives it
        del cursor


def shared_connection(connection, lock):
    for i in range(ROWS):
        with lock:
            check(connection.execute("SELECT ?", (i,)).fetchone() == (i,), "a shared connection answers")


def run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    run([threading.Thread(target=own_connection) for _ in range(THREADS)])
    shared, lock = open_memory(check_same_thread=False), threading.Lock()
    run([threading.Thread(target=shared_connection, args=(shared, lock)) for _ in range(THREADS)])
    shared.close()
    for what in sorted(set(failures)):
        print(f"this does not hold: {what}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
