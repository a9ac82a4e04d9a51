#!/usr/bin/python3
"""A correct user of pyzmq: every socket is closed and every context ended, in every way that ZeroMQ documents."""
import sys
import threading

import zmq

THREADS, ROUNDS = 4, 40
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)


def pairs():
    for _ in range(ROUNDS):
        context = zmq.Context()
        left, right = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
        left.bind("inproc://pair")
        right.connect("inproc://pair")
        poller = zmq.Poller()
        poller.register(right, zmq.POLLIN)
        left.send_multipart([b"one", b"two"])
        check(poller.poll() == [(right, zmq.POLLIN)], "a message is announced")
        check(right.recv_multipart() == [b"one", b"two"], "a message comes whole")
        right.send(b"x" * 100000, copy=False)
        check(len(left.recv(copy=False)) == 100000, "a message without a copy comes whole")
        check(left.getsockopt(zmq.TYPE) == zmq.PAIR, "a socket knows its type")
        poller.unregister(right)
        right.close()
        left.close()
        context.term()


def parked(socket, ready):
    ready.set()
    try:
        socket.recv()
        failures.append("a parked receive ends with its context")
    except zmq.ContextTerminated:
        pass
    socket.close()


def ended_contexts():
    for _ in range(ROUNDS):
        context, ready = zmq.Context(), threading.Event()
        socket = context.socket(zmq.PULL)
        socket.bind("inproc://never")
        thread = threading.Thread(target=parked, args=(socket, ready))
        thread.start()
        ready.wait()
        context.term()
        thread.join()


def proxy():
    context = zmq.Context()
    names = {"front": zmq.PULL, "back": zmq.PUSH, "control": zmq.PAIR}
    inner = [context.socket(kind) for kind in names.values()]
    for socket, name in zip(inner, names):
        socket.bind("inproc://" + name)
    sender, receiver, control = context.socket(zmq.PUSH), context.socket(zmq.PULL), context.socket(zmq.PAIR)
    for socket, name in zip((sender, receiver, control), names):
        socket.connect("inproc://" + name)
    thread = threading.Thread(target=zmq.proxy_steerable, args=(inner[0], inner[1], None, inner[2]))
    thread.start()
    sender.send(b"through")
    check(receiver.recv() == b"through", "a proxy hands on")
    control.send(b"TERMINATE")
    thread.join()
    for socket in (sender, receiver, control, *inner):
        socket.close()
    context.term()


def main():
    threads = [threading.Thread(target=work) for work in [pairs] * THREADS + [ended_contexts, proxy]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for what in sorted(set(failures)):
        print(f"this does not hold: {what}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
