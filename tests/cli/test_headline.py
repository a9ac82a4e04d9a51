"""The first line, in each way that a run can end: what was found never stands alone beside what speaks against it."""
import os
import pathlib
import re
import subprocess
import unittest

from support import BIN, PROGRAM, SOURCE, STATEMENT, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
PYTHON = "/usr/bin/python3"
SQLITE = "import os, signal, sqlite3; base = sqlite3.connect(':memory:'); "
INSIDE = SQLITE + "base.create_function('f', 0, lambda: os.kill(os.getpid(), {})); base.execute('SELECT f()').fetchall()"
OUTSIDE = SQLITE + "base.execute('SELECT 1').fetchall(); os.kill(os.getpid(), {})"


class Headline(CommandLineTest):
    def check(self, headline, *command, manifest="sqlite3", options=()):
        result = self.handleguard("run", "-m", manifest, *options, "--report=-", "--", *command, cwd=self.folder)
        line = next(line for line in result.stderr.splitlines() if line.startswith("handleguard: "))
        self.assertEqual(re.sub(r"process [0-9]+", "process N", line), f"handleguard: {headline}")
        self.assertIn(line, result.stdout)

    def test_silent(self):
        self.check("0 findings in 1 recording", STATEMENT)

    def test_findings(self):
        self.check("1 finding in 1 recording: 1 error", STATEMENT, "twice")

    def test_crash_inside_a_guarded_call(self):
        self.check("0 findings in 1 recording; process N was killed by SIGSEGV inside sqlite3_step",
                   PYTHON, "-c", INSIDE.format("signal.SIGSEGV"))

    def test_crash_elsewhere(self):
        self.check("0 findings in 1 recording; process N was killed by SIGABRT outside guarded calls",
                   PYTHON, "-c", OUTSIDE.format("signal.SIGABRT"))

    def test_killed_inside_a_guarded_call(self):
        self.check("0 findings in 1 recording; process N was killed by SIGKILL with calls in flight: sqlite3_step",
                   PYTHON, "-c", INSIDE.format("signal.SIGKILL"))

    def test_findings_and_a_crash_of_another_process(self):
        """Its shell has waited for it, so that nobody else knows how it ended."""
        self.check("1 finding in 2 recordings: 1 error; process N ended without an exit mark with calls in flight: sqlite3_step",
                   "sh", "-c", f'{STATEMENT} twice; {PYTHON} -c "{INSIDE.format("signal.SIGSEGV")}"; true')

    def test_nothing_covered(self):
        result = self.handleguard("run", "-m", "sqlite3", "--report=a.txt", "--", "true", cwd=self.folder)
        self.assertTrue(result.stderr.startswith("handleguard run: NOTHING WAS COVERED: "), result.stderr)
        self.assertTrue((self.folder / "a.txt").read_text(encoding="utf-8").startswith(
            "handleguard: 0 findings in 0 recordings; nothing was covered\n"))

    def test_linked_in(self):
        """The program has the library in itself: not one call is seen."""
        result = self.handleguard("run", "-m", BOX, "--report=-", "--", BIN / "cli_box_own")
        self.assertTrue(result.stdout.startswith("handleguard: 0 findings in 0 recordings; nothing was covered\n"), result.stdout)
        self.assertIn("the program defines the functions itself", " ".join(result.stdout.split()))

    def children_of(self, pid):
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()

    def test_without_a_recording_to_be_found(self):
        result = self.handleguard("report", "--live", str(os.getpid()))
        self.assert_fails(result, 2, f"handleguard report: no recording of process {os.getpid()} can be found: it is over, runs "
                          "without guards, has not called a guarded function yet, or is another user's")

    def test_still_running(self):
        script = SQLITE + "base.execute('SELECT 1').fetchall(); print('ready', flush=True); input()"
        folder = self.folder / "recordings"
        with subprocess.Popen([PROGRAM, "run", "-m", "sqlite3", "-o", folder, "--", PYTHON, "-c", script], text=True,
                              env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
            self.assertEqual(run.stdout.readline(), "ready\n")
            told = self.handleguard("report", folder).stdout
            guarded, = self.children_of(run.pid)
            self.assertEqual(self.handleguard("report", "--live", guarded).stdout, told)
            run.communicate("\n")
        self.assertTrue(told.startswith("handleguard: 0 findings in 1 recording; 1 process is still running\n"), told)


if __name__ == "__main__":
    unittest.main()
