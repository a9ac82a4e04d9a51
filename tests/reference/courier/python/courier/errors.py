"""What goes wrong."""
import errno


def closed():
    """The handle is closed."""
    return BrokenPipeError(errno.EPIPE, "it is closed")


def busy():
    """There is no room, or somebody else is at it."""
    return OSError(errno.EBUSY, "it is in use")
