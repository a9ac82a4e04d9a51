"""What a query takes in a program of Python's that makes many, in us."""
import sqlite3
import time

QUERIES = 4000

database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT)")
database.executemany("INSERT INTO words VALUES (?, ?)", ((number, f"word {number}") for number in range(1, 1001)))


def query(first):
    rows = database.execute("SELECT id, word FROM words WHERE id >= ? LIMIT 10", (first,)).fetchall()
    assert len(rows) == 10


def queries(count):
    begun = time.perf_counter_ns()
    for number in range(count):
        query(number % 900)
    return (time.perf_counter_ns() - begun) / 1e3 / count


queries(QUERIES // 10)
print(queries(QUERIES))
database.close()
