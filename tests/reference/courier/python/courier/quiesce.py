"""Counts who is inside a handle."""
import contextlib
import threading

from courier import errors


class Quiesce:
    """Lets callers into a handle until it is closed. The last one to leave a closed handle frees it, and nobody
    waits. The lock is never held in a call of the library; it is one that a finalizer may take again in the thread
    that has it."""

    def __init__(self, handle, wake, free):
        self.handle = handle
        self._wake, self._free = wake, free
        self._lock = threading.RLock()
        self._users = 0
        self._closed = False

    @contextlib.contextmanager
    def inside(self):
        """Around each call."""
        self._enter()
        try:
            if self._closed:
                raise errors.closed()
            yield self.handle
        finally:
            self._leave()

    def _enter(self):
        with self._lock:
            self._users += 1

    def _leave(self):
        with self._lock:
            self._users -= 1
            free = None
            if self._closed and self._users == 0:
                free, self._free = self._free, None
        if free:
            free(self.handle)

    def close(self):
        """Lets nobody in any more and wakes who is inside. To do so it is inside itself."""
        with self._lock:
            if self._closed:
                return
            self._users += 1
            self._closed = True
        self._wake(self.handle)
        self._leave()

    def take(self):
        """The handle for who ends it in another way; only if nobody is inside."""
        with self._lock:
            if self._closed or self._users > 0:
                raise errors.busy()
            self._closed, self._free = True, None
        return self.handle
