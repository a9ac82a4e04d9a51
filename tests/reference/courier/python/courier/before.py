"""Handles as they were released. Each call looks whether its handle is closed, and then uses it: two steps, between
which another thread can close it."""
import threading
import weakref
from concurrent.futures import Future

from courier import errors, native


class _Handle:
    def __init__(self, handle):
        self.handle = handle
        self.closed = False

    def use(self):
        """The handle, if it is not closed."""
        if self.closed:
            raise errors.closed()
        return self.handle

    def claim(self):
        """Whether the caller is the one who closes."""
        was, self.closed = self.closed, True
        return not was


class Daemon(_Handle):
    """Listens on a free port."""

    def __init__(self):
        super().__init__(native.daemon_start())

    def port(self):
        return native.daemon_port(self.use())

    def accept(self):
        return Stream(native.daemon_accept(self.use()))

    def next_control(self, size):
        return native.daemon_next_control(self.use(), size)

    def close(self):
        if self.claim():
            native.daemon_free(self.handle)


class Stream(_Handle):
    """Is closed when nobody has it any more."""

    @classmethod
    def dial(cls, port):
        return cls(native.stream_dial(port))

    def set_timeout(self, milliseconds):
        native.stream_set_timeout(self.use(), milliseconds)

    def recv(self, size):
        return native.stream_recv(self.use(), size)

    def send(self, data):
        return native.stream_send(self.use(), data)

    def recv_later(self, size):
        """Receives in the background. Who does so knows the handle, and nothing of the stream."""
        future = Future()
        threading.Thread(target=_receive, args=(self.use(), size, future)).start()
        return future

    def poll(self, size, again):
        """Receives until there is something. Each time its own time is up it asks whether to go on."""
        handle = self.use()
        while True:
            try:
                return native.stream_recv(handle, size)
            except TimeoutError:
                if not again():
                    raise

    def split(self):
        """A reading and a writing half. If there is no room for both, what there was is lost."""
        if not self.claim():
            raise errors.closed()
        reader, writer = native.stream_split(self.handle)
        if not writer:
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
        if self.claim():
            native.stream_free(self.handle)

    def __del__(self):
        self.close()


def _receive(handle, size, future):
    try:
        future.set_result(native.stream_recv(handle, size))
    except OSError as error:
        future.set_exception(error)


class FinalizedStream:
    """A stream that leaves it to `weakref.finalize` to be freed."""

    def __init__(self, handle):
        self.handle = handle
        self.close = weakref.finalize(self, native.stream_free, handle)

    @classmethod
    def dial(cls, port):
        return cls(native.stream_dial(port))

    def recv_later(self, size):
        future = Future()
        threading.Thread(target=_receive, args=(self.handle, size, future)).start()
        return future


class Half(_Handle):
    """What a split leaves: one direction of a stream."""

    def recv(self, size):
        return native.half_recv(self.use(), size)

    def send(self, data):
        return native.half_send(self.use(), data)

    def close(self):
        if self.claim():
            native.half_free(self.handle)


class Blob:
    """What a daemon sends. Several threads may use it at once, or so it says: its lock is let go of before the call
    that it should cover."""

    def __init__(self, port):
        self.handle = native.blob_open(port)
        self._lock = threading.Lock()

    def read(self, size):
        with self._lock:
            handle = self.handle
        if not handle:
            raise errors.closed()
        return native.blob_read(handle, size)

    def close(self):
        with self._lock:
            handle, self.handle = self.handle, None
        if handle:
            native.blob_free(handle)
