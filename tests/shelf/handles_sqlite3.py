"""A handle of each class of SQLite's."""
import ctypes


class Handles:
    def __init__(self, library):
        self.library = library
        library.sqlite3_str_new.restype = library.sqlite3_backup_init.restype = ctypes.c_void_p

    def out(self, function, *arguments, at=0):
        handle = ctypes.c_void_p()
        getattr(self.library, function)(*arguments[:at], ctypes.byref(handle), *arguments[at:])
        return handle

    def db(self):
        return self.out("sqlite3_open", b":memory:", at=1)

    def filled(self):
        db = self.db()
        self.library.sqlite3_exec(db, b"CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(9))", None, None, None)
        return db

    def stmt(self):
        return self.out("sqlite3_prepare_v2", self.db(), b"SELECT 42, ?1", -1, None, at=3)

    def blob(self):
        return self.out("sqlite3_blob_open", self.filled(), b"main", b"t", b"x", ctypes.c_int64(1), 0, at=6)

    def backup(self):
        return self.library.sqlite3_backup_init(self.db(), b"main", self.db(), b"main")

    def str(self):
        return ctypes.c_void_p(self.library.sqlite3_str_new(None))

    def snapshot(self):
        return None

    def session(self):
        return self.out("sqlite3session_create", self.db(), b"main", at=2)

    def changeset(self):
        return self.out("sqlite3changeset_start", 0, None)

    def changegroup(self):
        return self.out("sqlite3changegroup_new")

    def rebaser(self):
        return self.out("sqlite3rebaser_create")
