"""Handles as the cure has them: who is inside is counted, and the last one to leave a closed handle frees it."""
import threading
import weakref
from concurrent.futures import Future

from courier import errors, native
from courier.quiesce import Quiesce


class Daemon:
    """Listens on a free port."""

    def __init__(self):
        self.handle = native.daemon_start()
        self._guard = Quiesce(self.handle, native.daemon_wake, native.daemon_free)
        self.close = self._guard.close

    def port(self):
        with self._guard.inside() as handle:
            return native.daemon_port(handle)

    def accept(self):
        with self._guard.inside() as handle:
            return Stream(native.daemon_accept(handle))

    def next_control(self, size):
        with self._guard.inside() as handle:
            return native.daemon_next_control(handle, size)


class Stream:
    """Is closed when nobody has it any more; who receives in the background then is woken."""

    def __init__(self, handle):
        self.handle = handle
        self._guard = Quiesce(handle, native.stream_wake, native.stream_free)

    @classmethod
    def dial(cls, port):
        return cls(native.stream_dial(port))

    def set_timeout(self, milliseconds):
        with self._guard.inside() as handle:
            native.stream_set_timeout(handle, milliseconds)

    def recv(self, size):
        return _receive(self._guard, size)

    def send(self, data):
        with self._guard.inside() as handle:
            return native.stream_send(handle, data)

    def recv_later(self, size):
        """Receives in the background. Who does so knows nothing of the stream, but is counted."""
        return _receive_later(self._guard, size)

    def poll(self, size, again):
        """Receives until there is something. Each time its own time is up it asks whether to go on."""
        while True:
            try:
                return self.recv(size)
            except TimeoutError:
                if not again():
                    raise

    def split(self):
        """A reading and a writing half. If there is no room for both, the one that there is is closed."""
        handle = self._guard.take()
        try:
            reader, writer = native.stream_split(handle)
        except OSError:
            native.stream_free(handle)
            raise
        if not writer:
            Half(reader).close()
            raise errors.busy()
        return Half(reader), Half(writer)

    def close_when(self, event):
        """Closes the stream in the background when the event is set."""
        watcher = threading.Thread(target=self._watch, args=(event,))
        watcher.start()
        return watcher

    def _watch(self, event):
        event.wait()
        self.close()

    def close(self):
        self._guard.close()

    def __del__(self):
        self.close()


def _receive(guard, size):
    with guard.inside() as handle:
        return native.stream_recv(handle, size)


def _receive_later(guard, size):
    def receive():
        try:
            future.set_result(_receive(guard, size))
        except OSError as error:
            future.set_exception(error)
    future = Future()
    threading.Thread(target=receive).start()
    return future


class FinalizedStream:
    """A stream that leaves it to `weakref.finalize` to be closed."""

    def __init__(self, handle):
        self.handle = handle
        self._guard = Quiesce(handle, native.stream_wake, native.stream_free)
        self.close = weakref.finalize(self, self._guard.close)

    @classmethod
    def dial(cls, port):
        return cls(native.stream_dial(port))

    def recv_later(self, size):
        return _receive_later(self._guard, size)


class Half:
    """What a split leaves: one direction of a stream."""

    def __init__(self, handle):
        self.handle = handle
        self._guard = Quiesce(handle, native.half_wake, native.half_free)
        self.close = self._guard.close

    def recv(self, size):
        with self._guard.inside() as handle:
            return native.half_recv(handle, size)

    def send(self, data):
        with self._guard.inside() as handle:
            return native.half_send(handle, data)


class Blob:
    """What a daemon sends. Several threads may use it at once."""

    def __init__(self, port):
        self.handle = native.blob_open(port)
        self._guard = Quiesce(self.handle, native.blob_wake, native.blob_free)
        self.close = self._guard.close

    def read(self, size):
        with self._guard.inside() as handle:
            return native.blob_read(handle, size)
