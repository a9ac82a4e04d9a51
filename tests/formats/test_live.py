"""A process that is still running: what it is in, and that it has no part in being looked at."""
import os
import pathlib
import pty
import re
import subprocess
import time
import unittest

from names import MANIFEST, NamesTest
from support import PROGRAM

# One thread is in net_use, and another one's net_close waits for it, until there is a line to read.
PARKED = """
import ctypes, sys, threading
net = ctypes.CDLL(sys.argv[1])
net.net_open.restype, net.net_close.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
inside, over = threading.Event(), threading.Event()
@ctypes.CFUNCTYPE(None)
def meanwhile():
    inside.set()
    over.wait()
handle = net.net_open()
threads = [threading.Thread(target=lambda: net.net_use(ctypes.c_void_p(handle), meanwhile)),
           threading.Thread(target=lambda: net.net_close(handle))]
threads[0].start()
inside.wait()
threads[1].start()
print("ready", flush=True)
input()
over.set()
[thread.join() for thread in threads]
"""


class Live(NamesTest):
    def setUp(self):
        super().setUp()
        command = [PROGRAM, "run", "-m", MANIFEST, "--deadline", "60000", "-o", self.folder / "recordings", "--",
                   "/usr/bin/python3", "-c", PARKED, self.app / "libnet.so"]
        self.runner = subprocess.Popen(command, text=True, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL)
        self.addCleanup(self.runner.communicate, "\n")
        self.assertEqual(self.runner.stdout.readline(), "ready\n")
        self.guarded, = pathlib.Path(f"/proc/{self.runner.pid}/task/{self.runner.pid}/children").read_text(encoding="utf-8").split()

    def top(self, *options):
        result = self.handleguard("top", "-d", "0.05", *options, self.guarded)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def until_it_waits(self):
        end = time.monotonic() + 30
        while "waiting" not in (told := self.top()):
            self.assertLess(time.monotonic(), end, told)
        return told

    def switches(self):
        """How often the process's threads have been given up, and taken up again; but that whose free waits, which looks
        from time to time."""
        return [re.findall(r"^.*ctxt_switches:\t.*", status.read_text(encoding="utf-8"), re.MULTILINE)
                for status in sorted(pathlib.Path(f"/proc/{self.guarded}/task").glob("*/status"))[:2]]

    def test_what_it_is_in(self):
        told = self.until_it_waits()
        self.assertRegex(told, r"waiting    net_close in thread \d+ of net 0x[0-9a-f]+ for [^,]+, for net_use in thread \d+\n")
        self.assertRegex(told, r"in flight  net_use on 0x[0-9a-f]+ in thread \d+ \(python3\) for at least ")
        self.assertIn("alive      net 1\n", told)
        report = self.handleguard("report", "--live", self.guarded).stdout
        self.assertIn("1 process is still running", report)
        self.assertIn("net_use", report)

    def test_it_has_no_part_in_it(self):
        self.until_it_waits()
        before = self.switches()
        self.assertEqual(self.top("-n", "5").count("handleguard top:"), 5)
        self.handleguard("report", "--live", self.guarded)
        self.assertEqual(self.switches(), before)

    def test_on_a_terminal(self):
        """Drawn on a screen of its own, until somebody presses q."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(PROGRAM, ["handleguard", "top", self.guarded], os.environ | {"TERM": "xterm"})
        drawn = b""
        while not re.search(rb"alive\W.*net 1", drawn):
            drawn += os.read(terminal, 4096)
        os.write(terminal, b"q")
        while b"\033[?1049l" not in drawn:
            drawn += os.read(terminal, 4096)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        self.assertLess(drawn.index(b"\033[?1049h"), drawn.index(b"alive"))

    def test_on_a_terminal_of_which_nothing_is_known(self):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(PROGRAM, ["handleguard", "top", "-d", "0.05", self.guarded], os.environ | {"TERM": "nothing"})
        drawn = b""
        while b"alive      net 1" not in drawn:
            drawn += os.read(terminal, 4096)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

    def test_a_process_without_guards(self):
        result = self.handleguard("top", str(os.getpid()))
        self.assert_fails(result, 2, "handleguard top: no recording of that process can be found: see handleguard report --live")


if __name__ == "__main__":
    unittest.main()
