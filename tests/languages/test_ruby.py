"""Ruby programs that use SQLite: an exception leaves the library's call by a jump that is none of the C library's."""
import pathlib
import subprocess
import unittest

import languages
import support

RUBY = "/usr/bin/ruby"  # the one that Debian's ruby-sqlite3 belongs to
RAISE = pathlib.Path(__file__).resolve().parent / "ruby" / "raise.rb"
LOCK = RAISE.with_name("lock.rb")


class Ruby(support.CommandLineTest):
    def run_guarded(self, variant):
        """What the program printed, and what is reported: kind, call and ops in flight of each finding."""
        path = self.folder / "report.json"
        result = self.run_command("--format=json", "--report", path, "--", RUBY, RAISE, variant)
        self.assertTrue(path.exists(), result.stderr)
        told = support.json.loads(path.read_text(encoding="utf-8"))
        (recording,) = told["recordings"]
        self.assertEqual([handles for handles in recording["handles"] if handles["live"] or handles["leaked"]], [])
        return result.stdout, [(finding["kind"], finding["function"], [op["function"] for op in finding["in_flight"]])
                               for finding in told["findings"]]

    def test_raise_inside_a_function(self):
        alone = subprocess.run([RUBY, RAISE, "fixed"], capture_output=True, text=True, timeout=300, check=True)
        self.assertTrue(alone.stdout.endswith("true\ndone\n"), alone.stdout)
        said, findings = self.run_guarded("fixed")
        self.assertEqual(said, alone.stdout)
        # Where it is the C library's after all, as in Ruby 3.3 of Debian 13, it is seen to skip the step's return.
        self.assertIn(findings, ([], [("abandoned", "sqlite3_step", [])]))

    def test_function_finalizes_its_own_statement(self):
        """The binding asks the statement for its columns when the step has returned: too late."""
        said, findings = self.run_guarded("race")
        self.assertEqual(said, "true\ntrue\ndone\n")
        self.assertEqual(sorted(findings), [("late-op", "sqlite3_column_count", []),
                                            ("reentrant-free", "sqlite3_finalize", ["sqlite3_step"])])


class RubyLock(languages.LanguageTest):
    drain = "--drain=auto"

    def test_a_close_with_the_lock_does_not_wait(self):
        self.assertEqual(self.findings(RUBY, LOCK), [("late-free", "gate_close", ["gate_wait"])])


if __name__ == "__main__":
    unittest.main()
