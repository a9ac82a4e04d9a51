"""Two threads share one cursor that is Python code: alone the interpreter dies at once, guarded it survives."""
import json
import linecache
import subprocess
import unittest

from demo import CRASHES, serialising_manifest
from support import SOURCE, CommandLineTest

COMMAND = "/usr/bin/python3", SOURCE / "tests/demo/shared_cursor_in_python.py"


class SharedCursorInPython(CommandLineTest):
    def assert_survives(self, manifest, *sure):
        """These kinds of errors are made again and again; late calls of all sorts come now and then."""
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", manifest, "--format=json", "--report", path, "--", *COMMAND, "5")
        self.assertEqual(result.stdout, "survived 5 seconds\n", result.stderr)
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
        found = {finding["kind"] for finding in findings if finding["level"] == "error"}
        self.assertEqual(found - {"late-op", "repeat-free"}, set(sure))
        self.assert_lines_are_those_of_the_calls(findings)

    def assert_lines_are_those_of_the_calls(self, findings):
        """Where frames are told of a side, the innermost one's line has the guarded function's name in it."""
        told = 0
        for finding in findings:
            for call in filter(None, [finding["call"], finding["free"], finding["create"], *finding["in_flight"]]):
                if call["frames"]:
                    frame = call["frames"][0]
                    self.assertIn(call["function"], linecache.getline(frame["file"], frame["line"]), frame)
                    self.assertTrue(frame["function"].startswith("Cursor."), frame)
                    told += 1
        self.assertGreater(told, 3)

    def test_alone_it_dies(self):
        result = subprocess.run([*COMMAND, "60"], capture_output=True, timeout=300, check=False)
        self.assertIn(-result.returncode, CRASHES)

    def test_frees_wait_for_ops(self):
        self.assert_survives("sqlite3", "late-free")

    def test_ops_wait_for_ops(self):
        self.assert_survives(serialising_manifest(self.folder), "late-free", "overlap")


if __name__ == "__main__":
    unittest.main()
