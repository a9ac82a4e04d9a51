"""What the tests of the command line share."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HANDLEGUARD_TEST_BIN"])
SOURCE = pathlib.Path(os.environ["HANDLEGUARD_TEST_SOURCE"])
PROGRAM = BIN / "handleguard"
STATEMENT = BIN / "cli_statement"
STATIC = BIN / "cli_static"


class CommandLineTest(unittest.TestCase):
    """A fresh folder for each test, and a home of its own so that nobody's cache is touched."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="handleguard-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "tmp").mkdir()
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
        self.environment.pop("XDG_CACHE_HOME", None)
        self.environment.update(HOME=str(self.folder), TMPDIR=str(self.folder / "tmp"), LC_ALL="C")

    def handleguard(self, *arguments, **keywords):
        """Runs the program; `env` adds to the environment."""
        environment = self.environment | {key: str(value) for key, value in keywords.pop("env", {}).items()}
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=300, check=False,
                              env=environment, **keywords)

    def run_command(self, *arguments, **keywords):
        """Runs `handleguard run -m sqlite3 ARGUMENTS`."""
        return self.handleguard("run", "-m", "sqlite3", *arguments, **keywords)

    def report(self, *arguments):
        """Runs `handleguard run ARGUMENTS`; its exit status and its report."""
        path = self.folder / "report.json"
        result = self.handleguard("run", "--format=json", "--report", path, *arguments)
        self.assertTrue(path.exists(), result.stderr)
        return result.returncode, json.loads(path.read_text(encoding="utf-8"))

    def assert_fails(self, result, status, sentence):
        """It said exactly this on standard error, nothing on standard output, and exited so."""
        self.assertEqual(result.stderr, sentence + "\n")
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.returncode, status)

    def assert_leaves_nothing(self):
        """No recording, no folder for any, was left behind."""
        self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def script(self, text, name="script"):
        """An executable file with this text."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path
