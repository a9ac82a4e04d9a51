"""What a round trip takes between two threads that hold a ZeroMQ socket each, in us."""
import threading
import time

import zmq

ROUND_TRIPS = 1000

context = zmq.Context()


def answer(socket):
    while message := socket.recv():
        socket.send(message)
    socket.close()


def round_trips(socket, count):
    begun = time.perf_counter_ns()
    for _ in range(count):
        socket.send(b"there")
        assert socket.recv() == b"there"
    return (time.perf_counter_ns() - begun) / 1e3 / count


answering = context.socket(zmq.PAIR)
answering.bind("inproc://there-and-back")
asking = context.socket(zmq.PAIR)
asking.connect("inproc://there-and-back")
thread = threading.Thread(target=answer, args=(answering,))
thread.start()
round_trips(asking, ROUND_TRIPS // 10)
print(round_trips(asking, ROUND_TRIPS))
asking.send(b"")
thread.join()
asking.close()
context.term()
