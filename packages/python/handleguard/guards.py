"""The guards of this process, as a runner of its tests sees them. No function here is one that a test would replace by
another (subprocess, open): a fixture of the test may still be in force."""
import ctypes
import os


class Guards:
    """What the runtime lets a runner of tests say and ask; handleguard.h describes its functions."""

    def __init__(self, library, folder):
        self._label = library.handleguard_label
        self._findings = library.handleguard_findings
        self._findings.restype = ctypes.c_uint64
        self._findings.argtypes = [ctypes.c_uint64, ctypes.c_void_p, ctypes.c_void_p]
        self.folder = folder

    def label(self, text):
        """From now on this thread, and those that it starts, are doing this."""
        self._label(None if text is None else text.encode(errors="replace"))

    def count(self):
        """How many findings there have been in this process."""
        return self._findings(0, None, None)

    def recording(self):
        """The path of what this process records; there is one once it has been labelled."""
        end = f".{os.getpid()}.hgr"
        return next((os.path.join(self.folder, name) for name in os.listdir(self.folder) if name.endswith(end)), None)


def find():
    """The guards of this process; None: it has none."""
    library = ctypes.CDLL(None)
    folder = os.environ.get("HANDLEGUARD_OUTPUT")
    return Guards(library, folder) if folder and hasattr(library, "handleguard_findings") else None
