"""Streams that keep their closer out while a call is in the library. Nothing is used after it was freed, but who
closes a stream waits for as long as a call does. The rest is as in `courier.after`."""
import contextlib
import threading

from courier import errors, native
from courier.after import Daemon as _Daemon


class ReadWriteLock:
    """Any number of readers, or one writer; while one waits no further reader gets in."""

    def __init__(self):
        self._changed = threading.Condition()
        self._readers = 0
        self._writers_waiting = 0

    @contextlib.contextmanager
    def reading(self):
        with self._changed:
            self._changed.wait_for(lambda: self._writers_waiting == 0)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextlib.contextmanager
    def writing(self):
        with self._changed:
            self._writers_waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._readers == 0)
            self._writers_waiting -= 1
            yield
            self._changed.notify_all()

    def await_waiting_writer(self):
        """Until a writer waits for the readers."""
        with self._changed:
            self._changed.wait_for(lambda: self._writers_waiting > 0 and self._readers > 0)


class Daemon(_Daemon):
    """Its streams are those of this module."""

    def accept(self):
        with self._guard.inside() as handle:
            return Stream(native.daemon_accept(handle))


class Stream:
    """A stream with a lock."""

    def __init__(self, handle):
        self.handle = handle
        self.lock = ReadWriteLock()
        self._closed = False

    @classmethod
    def dial(cls, port):
        return cls(native.stream_dial(port))

    def recv(self, size):
        with self.lock.reading():
            if self._closed:
                raise errors.closed()
            return native.stream_recv(self.handle, size)

    def send(self, data):
        with self.lock.reading():
            if self._closed:
                raise errors.closed()
            return native.stream_send(self.handle, data)

    def close(self):
        with self.lock.writing():
            if not self._closed:
                self._closed = True
                native.stream_free(self.handle)
