"""A connection is closed on one thread while another is in execute() on it. CPython forgets the handle as it closes, and
asks the library for more when the statement has run: with null. Unguarded it crashes there."""
import sqlite3
import threading
import time

connection = sqlite3.connect(":memory:", check_same_thread=False, cached_statements=0)
closer = threading.Thread(target=connection.close, name="closer")


def forgotten():
    try:
        return connection.total_changes < 0
    except sqlite3.ProgrammingError:
        return True


def close_meanwhile(value):
    closer.start()
    for _ in range(3000):
        if forgotten():
            break
        time.sleep(0.001)
    return value


connection.create_function("close_meanwhile", 1, close_meanwhile)
connection.execute("CREATE TABLE t(x)")
try:
    connection.execute("INSERT INTO t VALUES(close_meanwhile(1))")
except sqlite3.Error as error:
    print(error)
closer.join()
print("every late call got its answer")
