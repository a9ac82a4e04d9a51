"""What has changed from one report to another."""
import unittest

from names import MANIFEST, NamesTest


class Diff(NamesTest):
    def setUp(self):
        super().setUp()
        self.runs = {}
        for what in "twice", "leave":
            self.runs[what] = self.folder / what
            self.handleguard("run", "-m", MANIFEST, "-o", self.runs[what], "--", self.app / "program", what)

    def diff(self, *arguments):
        result = self.handleguard("report", "diff", *arguments)
        self.assertEqual(result.stderr, "")
        return result

    def test_new_gone_and_in_both(self):
        result = self.diff(self.runs["leave"], self.runs["twice"])
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"^New\n  error: repeat-free of net: net_close against net_close, fingerprint [0-9a-f]{16}, 1 time\n"
                                        r"Gone\n  note: leak of net: net_open, fingerprint [0-9a-f]{16}, 1 time\n$")
        self.assertEqual(self.diff(self.runs["twice"], self.runs["leave"]).returncode, 0)
        self.assertEqual(self.diff("--fail-on=note", self.runs["twice"], self.runs["leave"]).returncode, 1)

    def test_reports_and_recordings_of_another_build(self):
        """In both, though the program was built anew; what was kept as a report is compared with recordings."""
        old = self.folder / "old.json"
        self.handleguard("report", "-o", f"json:{old}", self.runs["twice"])
        self.build("-O0")
        for _ in range(2):
            self.handleguard("run", "-m", MANIFEST, "-o", self.folder / "new", "--", self.app / "program", "twice")
        result = self.diff(old, self.folder / "new")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^In both\n  error: repeat-free .*, 1 before, 2 times\n$")

    def test_mistakes(self):
        for arguments, says in (((self.runs["twice"],), "two reports are compared: name the old one and the new one"),
                                ((self.app / "program", self.runs["twice"]), "program: is neither a report in JSON nor a recording: "),
                                ((self.folder / "app", self.runs["twice"]), "app: has no recording to be compared")):
            result = self.handleguard("report", "diff", *arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
            self.assertIn(says, result.stderr)


if __name__ == "__main__":
    unittest.main()
