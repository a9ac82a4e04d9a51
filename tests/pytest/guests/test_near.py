"""A gate that one thread touches and another closes: in order, or while the touch is held back."""
import os
import threading

from gates import LIBRARY, await_held


def test_near():
    gate = LIBRARY.gate_open()
    user = threading.Thread(target=LIBRARY.gate_touch, args=(gate,))
    user.start()
    if "HELD" in os.environ:
        await_held(user)
        LIBRARY.gate_close(gate)
    user.join()
    if "HELD" not in os.environ:
        LIBRARY.gate_close(gate)
