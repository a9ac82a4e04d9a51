"""A process with a connection forks a child, as multiprocessing does, and the child's garbage collector closes what it has
inherited: in a file with a write-ahead log, whose locks would be gone. Said to be wrong of SQLite, and withheld here; the parent
goes on."""
import gc
import multiprocessing
import os
import sqlite3
import tempfile

CONTEXT = multiprocessing.get_context("fork")


def forget(owner):
    owner.clear()
    gc.collect()


with tempfile.TemporaryDirectory(prefix="handleguard-inherited-") as folder:
    owner = [sqlite3.connect(os.path.join(folder, "db"))]
    owner[0].execute("PRAGMA journal_mode=WAL")
    owner[0].execute("CREATE TABLE t(x)")
    owner[0].execute("INSERT INTO t VALUES(1)")
    child = CONTEXT.Process(target=forget, args=(owner,))
    child.start()
    child.join()
    owner[0].commit()
    assert child.exitcode == 0
    assert owner[0].execute("SELECT x FROM t").fetchall() == [(1,)]
    owner[0].close()
