"""What a hold at point l shows is a warning wherever it is told, and fails no run unless a policy says so.

Usage: test_at_return.py RACE_HELD_AT_RETURN PRELOAD_OBJECT HANDLEGUARD
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PRELOAD, HANDLEGUARD = sys.argv[1:4]
FORMATS = "json", "sarif", "text", "junit"
HELD = "--provoke", "--budget=100", "--delay=60000"


class AtReturn(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="handleguard-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_held(self, *options):
        """The exit status."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
        reports = [f"--report={form}:report.{form}" for form in FORMATS]
        return subprocess.run([HANDLEGUARD, "run", "-m", PRELOAD, *reports, *options, "--", PROGRAM], cwd=self.folder,
                              env=environment, capture_output=True, text=True, timeout=300, check=False).returncode

    def read(self, form):
        return (self.folder / f"report.{form}").read_text(encoding="utf-8")

    def finding(self):
        finding, = json.loads(self.read("json"))["findings"]
        return finding["kind"], finding["level"], finding["provoked"]["point"]

    def test_it_is_a_warning_in_each_report(self):
        self.assertEqual(self.run_held(*HELD, "--points=l"), 0)
        self.assertEqual(self.finding(), ("free-at-return", "warning", "l"))
        result, = json.loads(self.read("sarif"))["runs"][0]["results"]
        self.assertEqual((result["ruleId"], result["level"]), ("free-at-return", "warning"))
        self.assertIn("1 warning", self.read("text").splitlines()[0])
        self.assertIn("1. warning: free-at-return of gate, gate_close against gate_call\n", self.read("text"))
        self.assertIn('failures="0"', self.read("junit"))

    def test_it_fails_no_run_that_no_policy_has_it_fail(self):
        self.assertEqual(self.run_held(*HELD, "--points=l", "--fail-on=note"), 0)
        policy = self.folder / "policy.yaml"
        policy.write_text("handleguard: 1\nlevels: {free-at-return: error}\n", encoding="utf-8")
        self.assertEqual(self.run_held(*HELD, "--points=l", f"--suppressions={policy}"), 97)
        self.assertEqual(self.finding(), ("free-at-return", "error", "l"))

    def test_it_is_learned_and_done_again(self):
        self.run_held(*HELD, "--points=l", "--learn=learned")
        hit, = (line for line in (self.folder / "learned").read_text(encoding="utf-8").splitlines() if line.startswith("hit "))
        self.assertRegex(hit, r"^hit gate_call@\S+ l \d+ \d+ free-at-return$")
        (self.folder / "again").write_text(hit + "\n", encoding="utf-8")
        self.assertEqual(self.run_held("--replay=again", "--delay=60000"), 0)
        self.assertEqual(self.finding(), ("free-at-return", "warning", "l"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
