"""Where frees are left to the last call (--drain=defer), closing does not wait, and the receiver frees when it
leaves."""
import threading

from courier import before, native


def test_receiver_frees_when_it_leaves():
    daemon = before.Daemon()
    stream = before.Stream.dial(daemon.port())
    peer = daemon.accept()
    received = []

    def receive():
        received.extend((stream.recv(16), threading.get_native_id()))
    receiver = threading.Thread(target=receive)
    receiver.start()
    native.gate_await_inside(stream.handle, 1)
    frees = native.gate_frees()
    stream.close()
    assert native.gate_frees() == frees
    peer.send(b"late")
    receiver.join()
    assert received[0] == b"late"
    assert (native.gate_frees(), native.gate_last_freer()) == (frees + 1, received[1])
    peer.close()
    daemon.close()
