"""Who closes a stream without a deadline waits for as long as its receiver does."""
import threading

from courier import locked, native


def test_close_hangs_while_recv_waits():
    daemon = locked.Daemon()
    stream = locked.Stream.dial(daemon.port())
    peer = daemon.accept()
    order = []

    def receive():
        stream.recv(16)

    def close():
        stream.close()
        order.append("closed")
    receiver, closer = threading.Thread(target=receive), threading.Thread(target=close)
    receiver.start()
    native.gate_await_inside(stream.handle, 1)
    closer.start()
    stream.lock.await_waiting_writer()
    order.append("sent")
    peer.send(b"at last")
    receiver.join()
    closer.join()
    assert order == ["sent", "closed"]
    peer.close()
    daemon.close()
