"""Reports that others may see: without arguments, home folders and names of users, in every format."""
import json
import unittest

from names import HERE, MANIFEST, NamesTest

FORMATS = ("text", "json", "ndjson", "sarif", "junit", "github", "html", "trace")


class Redact(NamesTest):
    """Alice runs a program of hers, whose name is also the beginning of a function's."""

    def setUp(self):
        super().setUp()
        self.home = self.folder / "home/alice"
        self.home.mkdir(parents=True)
        self.app.rename(self.home / "app")
        self.app = self.home / "app"
        self.output = self.home / "pytest-of-alice"

    def reports(self, *options, sources="work"):
        """The text of each; the program's sources lie in her home."""
        self.handleguard("run", "-m", MANIFEST, "--output", self.output, "--", self.app / "program", "twice", "--password=hunter2",
                         "alice@example.org")
        arguments = [f"--output={name}:{self.folder / name}" for name in FORMATS]
        self.handleguard("report", *arguments, f"--path-map={HERE}={self.home}/{sources}", *options, self.output)
        return {name: (self.folder / name).read_text(encoding="utf-8") for name in FORMATS}

    def test_nothing_of_anybody(self):
        told = self.reports()
        for word in ("alice", "hunter2"):
            self.assertEqual([name for name in FORMATS if word not in told[name]],
                             [name for name in FORMATS if word == "hunter2" and name not in ("text", "json", "html")])
        redacted = self.reports("--redact")
        for word in ("alice", "hunter2", "example.org", str(self.home)):
            self.assertEqual([name for name in FORMATS if word in redacted[name]], [])

    def test_what_is_needed_stays(self):
        before, after = (json.loads(self.reports(*options)["json"]) for options in ((), ("--redact",)))
        pairs = list(zip(before["findings"], after["findings"], strict=True))
        self.assertEqual(len(pairs), 1)
        for one, other in pairs:
            self.assertEqual(one["fingerprint"], other["fingerprint"])
            self.assertEqual(one["call"]["user_line"]["function"], other["call"]["user_line"]["function"])
            self.assertEqual(one["call"]["user_line"]["line"], other["call"]["user_line"]["line"])
            self.assertTrue(other["call"]["user_line"]["file"].endswith("/home/user/work/program.c"))
        command = after["recordings"][0]["command"]
        self.assertTrue(command[0].endswith("/home/user/app/program"))
        self.assertEqual(command[1:], ["..."])

    def test_files_of_the_repository_keep_their_names(self):
        """Also one that is called like a user."""
        told = self.reports("--redact", f"--source-root={self.home}/work", sources="work/alice")
        self.assertIn("file=alice/program.c", told["github"])
        root = json.loads(told["sarif"])["runs"][0]["originalUriBaseIds"]["SRCROOT"]["uri"]
        self.assertTrue(root.endswith("/home/user/work/"))

    def test_a_home_elsewhere(self):
        """That of who asks."""
        told = self.reports("--redact")
        self.assertEqual(self.environment["HOME"], str(self.folder))
        self.assertEqual([name for name in FORMATS if str(self.folder) in told[name]], [])

    def test_a_run(self):
        result = self.handleguard("run", "-m", MANIFEST, "--redact", "--report=-", "--", self.app / "program", "twice", "hunter2")
        self.assertIn("/home/user/app/program ...\n", result.stdout)
        self.assertNotIn("hunter2", result.stdout)


if __name__ == "__main__":
    unittest.main()
