"""What a binding must stand: that handles are closed while calls are in the library."""
import gc
import threading
from concurrent.futures import Future

import pytest

from courier import native


@pytest.fixture(autouse=True)
def unharmed():
    """The library noticed no use of a freed handle."""
    before = native.gate_violations()
    yield
    assert native.gate_violations() == before


@pytest.fixture
def daemon(courier):
    started = courier.Daemon()
    yield started
    started.close()


@pytest.fixture
def peers():
    """Accepted streams, which are closed at the end."""
    accepted = []
    yield accepted
    for peer in accepted:
        peer.close()


def dial(kind, daemon, peers):
    """A stream with a peer. Only the test has it."""
    stream = kind.dial(daemon.port())
    peers.append(daemon.accept())
    return stream


def in_background(function, *arguments):
    """What comes of it is of no interest where it is an error: the handle may be closed."""
    future = Future()

    def call():
        try:
            future.set_result(function(*arguments))
        except OSError as error:
            future.set_exception(error)
    threading.Thread(target=call).start()
    return future


def send(peer):
    try:
        peer.send(b"late")
    except OSError:
        pass  # the other side is gone


def test_watcher_frees_under_recv(courier, daemon, peers):
    stream = dial(courier.Stream, daemon, peers)
    cancelled = threading.Event()
    watcher = stream.close_when(cancelled)
    received = in_background(stream.recv, 16)
    native.gate_await_inside(stream.handle, 1)
    cancelled.set()
    watcher.join()
    send(peers[0])
    received.exception()


def test_close_frees_under_next_control(courier):
    daemon = courier.Daemon()
    port = daemon.port()
    received = in_background(daemon.next_control, 16)
    native.gate_await_inside(daemon.handle, 1)
    daemon.close()
    native.send_control(port, b"late")
    received.exception()


def test_close_frees_under_blob_read(courier, daemon, peers):
    blob = courier.Blob(daemon.port())
    peers.append(daemon.accept())
    received = in_background(blob.read, 16)
    native.gate_await_inside(blob.handle, 1)
    blob.close()
    send(peers[0])
    received.exception()


def test_del_frees_under_recv(courier, daemon, peers):
    stream = dial(courier.Stream, daemon, peers)
    received = stream.recv_later(16)
    native.gate_await_inside(stream.handle, 1)
    del stream
    send(peers[0])
    received.exception()


def test_collector_frees_under_recv(courier, daemon, peers):
    stream = dial(courier.Stream, daemon, peers)
    stream.itself = stream
    received = stream.recv_later(16)
    native.gate_await_inside(stream.handle, 1)
    del stream
    gc.collect()
    send(peers[0])
    received.exception()


def test_finalize_frees_under_recv(courier, daemon, peers):
    stream = dial(courier.FinalizedStream, daemon, peers)
    received = stream.recv_later(16)
    native.gate_await_inside(stream.handle, 1)
    del stream
    send(peers[0])
    received.exception()


def test_close_frees_under_recv_of_half(courier, daemon, peers):
    reader, writer = dial(courier.Stream, daemon, peers).split()
    received = in_background(reader.recv, 16)
    native.gate_await_inside(reader.handle, 1)
    reader.close()
    send(peers[0])
    received.exception()
    assert writer.send(b"still here") == 10
    writer.close()


def test_split_has_room_for_one_half(courier, daemon, peers):
    stream = dial(courier.Stream, daemon, peers)
    native.gate_fail_split()
    with pytest.raises(OSError, match="in use"):
        stream.split()


def test_polling_ends_when_the_stream_is_closed(courier, daemon, peers):
    stream = dial(courier.Stream, daemon, peers)
    stream.set_timeout(1)
    turns = 0

    def again():
        nonlocal turns
        turns += 1
        stream.close()
        return turns < 1000
    try:
        stream.poll(16, again)
    except OSError as error:
        assert isinstance(error, BrokenPipeError) and turns == 1, f"polled {turns} times, and then: {error}"
