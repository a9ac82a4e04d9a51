#!/usr/bin/env python3
"""One thread of a Python program is parked in recv() on a ZeroMQ socket, and the main thread closes the socket.

A ZeroMQ socket may be used by one thread at a time only; closing it under a parked recv() frees what recv() stands on.

usage: zmq_close_in_recv.py
"""
import os
import sys
import threading
import time

import zmq

PATIENCE_SECONDS = 10.0


def is_parked(thread_id):
    """Does this thread sleep in the system call that recv() waits in? (SYS_poll, SYS_ppoll)"""
    with open(f"/proc/self/task/{thread_id}/syscall", encoding="ascii") as file:
        return file.read().split()[0] in ("7", "271")


def wait_until(condition):
    """Gives the processor away until the condition holds; for a bounded time."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > until:
            sys.exit("the receiving thread never came to wait")
        os.sched_yield()


def main():
    context = zmq.Context()
    socket = context.socket(zmq.PULL)
    socket.bind("inproc://nobody-sends")
    thread_id = []
    outcome = []

    def receive():
        thread_id.append(threading.get_native_id())
        try:
            outcome.append(socket.recv())
        except zmq.ZMQError as error:
            outcome.append(error)

    # A daemon, for where nothing wakes it up the program must end all the same.
    receiver = threading.Thread(target=receive, name="receiver", daemon=True)
    receiver.start()
    wait_until(lambda: thread_id and is_parked(thread_id[0]))
    print("closing the socket under recv()", flush=True)
    socket.close(linger=0)
    receiver.join(timeout=1.0)
    print("recv() ended with", repr(outcome[0]) if outcome else "nothing: it is still waiting", flush=True)


if __name__ == "__main__":
    main()
