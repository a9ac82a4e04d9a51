"""In which test of Python's a call was made: by the frames of unittest and pytest, and by labels that a conftest.py sets.

HANDLEGUARD_TEST_PYTHONS names interpreters to try; without it Debian's is meant.
"""
import json
import re
import subprocess
import unittest

import languages
import support
from test_python_frames import FOLDER, PYTHONS


def has_pytest(python):
    return subprocess.run([python, "-c", "import pytest"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def snippet():
    """The conftest.py of the page on Python."""
    page = (support.SOURCE / "docs/python.md").read_text(encoding="utf-8")
    block, = (block for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", page, re.MULTILINE) if "handleguard_label" in block)
    return re.sub("^    ", "", block, flags=re.MULTILINE)


class PythonTests(languages.LanguageTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.environment |= {"LD_LIBRARY_PATH": str(languages.GATE), "PYTHONPATH": str(FOLDER),
                             "PYTHONDONTWRITEBYTECODE": "1"}

    def told(self, *command):
        """What the tests print that must be told of each call, and what is told."""
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", languages.MANIFEST, "--error-exitcode=0", "--format=json", "--report", path,
                                  "--", *command)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
        lines = [json.loads(line) for line in re.findall(r"\{.*\}", result.stdout)]
        return lines, findings

    def assert_told(self, *command):
        lines, findings = self.told(*command)
        for side in "call", "free", "create":
            tests = {(finding[side]["test"], finding[side]["test_is_sure"]) for finding in findings}
            self.assertEqual(tests, {(line["test"], line["sure"] and line["test"] is not None) for line in lines}, side)

    def test_unittest(self):
        for python in PYTHONS:
            with self.subTest(python=python):
                self.assert_told(python, "-B", "-m", "unittest", "cases")

    def test_pytest(self):
        for python in filter(has_pytest, PYTHONS):
            with self.subTest(python=python):
                self.assert_told(python, "-B", "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider",
                                 FOLDER / "test_cases.py")

    def test_pytest_with_labels(self):
        (self.folder / "conftest.py").write_text(snippet(), encoding="utf-8")
        (self.folder / "test_cases.py").write_text((FOLDER / "test_cases.py").read_text(encoding="utf-8"), encoding="utf-8")
        for python in filter(has_pytest, PYTHONS):
            with self.subTest(python=python):
                _, findings = self.told(python, "-B", "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider",
                                        f"--rootdir={self.folder}", self.folder / "test_cases.py")
                sides = [{(finding[side]["test"], finding[side]["test_is_sure"]) for side in ("call", "free", "create")}
                         for finding in findings]
                self.assertIn({("test_cases.py::test_thread", True)}, sides)
                self.assertIn({("test_cases.py::test_parameters[1]", True)}, sides)
                self.assertIn({("test_cases.py::test_with_fixture", True)}, sides)
                self.assertTrue(all(len(side) == 1 for side in sides), sides)


if __name__ == "__main__":
    unittest.main()
