"""Handles in use are closed at some time. No gate makes sure of anything."""
import gc
import os
import random
import threading
import time

import pytest

ROUNDS = int(os.environ["COURIER_ROUNDS"])
PLAYERS = 4


def load(play_round):
    """Plays the rounds, by several threads at once."""
    def play_rounds():
        try:
            for _ in range(ROUNDS // PLAYERS):
                play_round()
        except Exception as error:  # not of this thread's interest, but the test's
            errors.append(error)
    errors = []
    players = [threading.Thread(target=play_rounds) for _ in range(PLAYERS)]
    for player in players:
        player.start()
    for player in players:
        player.join()
    assert not errors, errors


def until_it_fails(function, used=None):
    try:
        while not (used and used.is_set()) and function():
            pass
    except OSError:
        pass


def play(use, feed, end):
    """Has a handle used until that fails, and fed all the while. At some time it ends it."""
    used = threading.Event()
    user = threading.Thread(target=until_it_fails, args=(use,))
    feeder = threading.Thread(target=until_it_fails, args=(feed, used))
    user.start()
    feeder.start()
    time.sleep(random.uniform(0, 0.001))
    end()
    user.join()
    used.set()
    feeder.join()


@pytest.fixture
def daemon(courier):
    started = courier.Daemon()
    yield started
    started.close()


@pytest.fixture
def meet(courier, daemon):
    """Connects a stream, or whatever dials, with a peer."""
    accepting = threading.Lock()  # or peers of others would be accepted

    def connect(kind=courier.Stream.dial):
        with accepting:
            return kind(daemon.port()), daemon.accept()
    return connect


def test_load_on_watcher(meet):
    def play_round():
        stream, peer = meet()
        cancelled = threading.Event()
        watcher = stream.close_when(cancelled)

        def end():
            cancelled.set()
            watcher.join()
        play(lambda: stream.recv(16), lambda: peer.send(b"some"), end)
        peer.close()
    load(play_round)


def test_load_on_next_control(courier):
    from courier import native

    def play_round():
        daemon = courier.Daemon()
        port = daemon.port()
        play(lambda: daemon.next_control(16), lambda: native.send_control(port, b"some") == 0, daemon.close)
    load(play_round)


def test_load_on_blob(courier, meet):
    def play_round():
        blob, peer = meet(courier.Blob)
        play(lambda: blob.read(16), lambda: peer.send(b"some"), blob.close)
        peer.close()
    load(play_round)


def test_load_on_half(meet):
    def play_round():
        stream, peer = meet()
        reader, writer = stream.split()
        play(lambda: reader.recv(16), lambda: peer.send(b"some"), reader.close)
        writer.close()
        peer.close()
    load(play_round)


def test_load_on_split(meet):
    """Whose split there is no room for is left to chance."""
    from courier import native

    def play_round():
        stream, peer = meet()
        if random.random() < 0.25:
            native.gate_fail_split()
        try:
            reader, writer = stream.split()
        except OSError:
            pass
        else:
            reader.close()
            writer.close()
        peer.close()
    load(play_round)


def test_load_on_polling(meet):
    def play_round():
        stream, peer = meet()
        stream.set_timeout(1)
        user = threading.Thread(target=until_it_fails, args=(lambda: stream.poll(16, lambda: True),))
        user.start()
        time.sleep(random.uniform(0, 0.003))
        stream.close()
        user.join()
        peer.close()
    load(play_round)


def test_load_on_lock(meet, capsys):
    """Says of how many rounds the close had not returned when somebody sent: it waits until something is received."""
    hung = []

    def play_round():
        stream, peer = meet()
        closing = threading.Event()
        waited = threading.Event()

        def send():
            time.sleep(random.uniform(0, 0.001))
            if closing.is_set():
                waited.set()
            return peer.send(b"some")

        def close():
            closing.set()
            stream.close()
            closing.clear()
        play(lambda: stream.recv(16), send, close)
        peer.close()
        hung.append(waited.is_set())
    load(play_round)
    with capsys.disabled():
        print(f"waited {sum(hung)} times in {len(hung)} rounds")


def load_on_end(meet, kind, abandon=lambda stream: None):
    """Nobody has a stream any more, at some time while it receives."""
    def play_round():
        stream, peer = meet(kind.dial)
        received = stream.recv_later(16)
        abandon(stream)
        time.sleep(random.uniform(0, 0.001))
        del stream
        try:
            peer.send(b"late")
        except OSError:
            pass  # the other side is gone
        received.exception()
        peer.close()
    load(play_round)
    gc.collect()


def test_load_on_del(courier, meet):
    load_on_end(meet, courier.Stream)


def test_load_on_finalize(courier, meet):
    load_on_end(meet, courier.FinalizedStream)


def test_load_on_collector(courier, meet):
    def close_circle(stream):
        stream.itself = stream
    collector = threading.Thread(target=until_it_fails, args=(lambda: gc.collect() >= 0, used := threading.Event()))
    collector.start()
    load_on_end(meet, courier.Stream, close_circle)
    used.set()
    collector.join()
