"""The command `handleguard`, with all that it needs. `python -m handleguard` is the same."""
import os


def program():
    """The path of the program. Its runtime and its manifests stand beside it."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "handleguard")
