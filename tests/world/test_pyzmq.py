"""The own tests of Python's binding for ZeroMQ, which is correct: they pass under guards, and nothing is reported but what
one of them does wrongly on purpose."""
import importlib.util
import json
import subprocess
import sys
import unittest

from support import CommandLineTest, PROGRAM

SUITES = "context", "message", "monitor", "multipart", "pair", "poll", "proxy_steerable", "pubsub", "reqrep", "socket"
# A socket is asked of a context that was terminated.
ON_PURPOSE = {("late-op", "context", "zmq_socket")}
ACCEPTED = """handleguard: 1
suppressions:
  - kind: late-op
    class: context
    function: zmq_socket
    test: '*test_shadow'
    reason: the test asks a terminated context for a socket, to see that it is turned away
"""


class Pyzmq(CommandLineTest):
    def test_its_own_tests_are_silent(self):
        path = self.folder / "report.json"
        result = subprocess.run(
            [PROGRAM, "run", "-m", "libzmq", "--require-coverage", "--error-exitcode=99", "--format=json", "--report", path,
             "--", "/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs",
             *(f"zmq.tests.test_{suite}" for suite in SUITES)],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=800, check=False)
        self.assertIn(result.returncode, (0, 99), result.stdout + result.stderr)
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
        told = {(finding["kind"], finding["class"], finding["function"])
                for finding in findings if finding["level"] != "note"}
        self.assertLessEqual(told, ON_PURPOSE)

    def test_what_it_does_on_purpose_is_accepted(self):
        accepted = self.folder / "accepted.yaml"
        accepted.write_text(ACCEPTED, encoding="utf-8")
        suite = ("--", "/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "zmq.tests.test_context")
        for options, status in (("--output", self.folder / "recordings"), 97), (("--suppressions", accepted), 0):
            result = self.handleguard("run", "-m", "libzmq", "--report", self.folder / "report.txt", *options, *suite, cwd=self.folder)
            self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertIn("; 1 accepted; report in ", result.stderr)
        result = self.handleguard("report", "--suppressions", accepted, self.folder / "recordings")
        self.assertEqual((result.returncode, result.stderr), (0, ""))


if __name__ == "__main__":
    if not (importlib.util.find_spec("pytest") and importlib.util.find_spec("zmq")):
        print("skipped: python3-zmq or python3-pytest is not installed (scripts/test-world)")
        sys.exit(77)
    if not importlib.util.find_spec("zmq.tests.test_socket"):
        print("skipped: this release's python3-zmq comes without its tests")
        sys.exit(77)
    unittest.main()
