"""What the tests of the languages share."""
import os
import pathlib
import subprocess
import tempfile

import heads
import support

HERE = pathlib.Path(__file__).resolve().parent
GATE = pathlib.Path(os.environ["HANDLEGUARD_TEST_GATE"])
INCLUDE = support.SOURCE / "tests/support/libgate"
MANIFEST = support.SOURCE / "tests/support/gate.yaml"


class LanguageTest(support.CommandLineTest):
    """Builds programs and runs them with a gate for a library. A free that finds an op in flight returns at once and is
    left to the op (`--drain=defer`), so that the program itself can let go of the op after it."""

    drain = "--drain=defer"

    def build(self, *command, **environment):
        """Runs a compiler, which may keep what it likes in its user's cache."""
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                                env=os.environ | environment)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def findings(self, *command):
        """What is reported of a run that must end well: kind, call and ops in flight of each finding."""
        path = self.folder / "report.json"
        recordings = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        result = self.handleguard("run", "-m", MANIFEST, self.drain, "--format=json", "--report", path,
                                  "--output", recordings, "--", *command, env={"LD_LIBRARY_PATH": GATE})
        self.assertTrue(path.exists(), result.stderr)
        told = support.json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual(result.stdout, "done\n", result.stderr)
        recording, = told["recordings"]
        self.assertEqual(recording["in_flight"], [])
        gates = [handles for handles in recording["handles"] if handles["class"] == "gate"]
        self.assertEqual([(each["live"], each["created"] > 0) for each in gates], [(0, True)])
        self.assertEqual(heads.faults(self.handleguard("report", recordings).stdout, told), [])
        return [self.summary(finding) for finding in told["findings"]]

    def text(self, *command):
        """The text report on a run, and the same with all frames and names."""
        recordings = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.handleguard("run", "-m", MANIFEST, "--output", recordings, "--", *command, env={"LD_LIBRARY_PATH": GATE})
        return [self.handleguard("report", *options, recordings).stdout for options in ((), ("--full",))]

    def summary(self, finding):
        call = finding["call"] or finding["free"]
        return finding["kind"], call["function"], [op["function"] for op in finding["in_flight"]]

    def assert_late_free(self, *command):
        """`COMMAND race` frees while an op waits, `COMMAND fixed` does not."""
        self.assertEqual(self.findings(*command, "race"), [("late-free", "gate_close", ["gate_wait"])])
        self.assertEqual(self.findings(*command, "fixed"), [])
