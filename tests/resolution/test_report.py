"""What a run with two copies of a library is told to have done. Arguments: the program handleguard, the manifest, the
program of copies.c."""
import collections
import json
import os
import subprocess
import sys
import tempfile
import unittest

HANDLEGUARD, MANIFEST, COPIES = sys.argv[1:4]


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "report.json")
            subprocess.run([HANDLEGUARD, "run", "-m", MANIFEST, "--error-exitcode=0", "--format=json", "--report", path,
                            "--", COPIES], check=True)
            with open(path, encoding="utf-8") as file:
                told = json.load(file)
        (cls.recording,) = told["recordings"]
        cls.late_ops = [finding for finding in told["findings"] if finding["kind"] != "leak"]

    def test_a_function_of_both_copies_is_told_once(self):
        names = collections.Counter(entry["function"] for entry in self.recording["coverage"])
        self.assertEqual(names, {"thing_open": 1, "thing_which": 1, "thing_close": 1})
        calls = {entry["function"]: entry["calls"] for entry in self.recording["coverage"]}
        self.assertEqual((calls["thing_open"], calls["thing_close"]), (3, 2))

    def test_each_copy_has_handles_of_its_own(self):
        made = sorted(entry["created"] for entry in self.recording["handles"])
        self.assertEqual(made, [1, 2])

    def test_findings_name_the_function(self):
        functions = {(finding["kind"], finding["call"]["function"], finding["free"]["function"])
                     for finding in self.late_ops}
        self.assertEqual(functions, {("late-op", "thing_which", "thing_close")})
        self.assertEqual({finding["handle"] for finding in self.late_ops}, {"0x1"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
