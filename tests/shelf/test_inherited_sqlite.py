"""A forked child's garbage collector closes its parent's connection to SQLite, as the shelf's manifest has it."""
import os
import unittest

from support import SOURCE, CommandLineTest

PROGRAM = SOURCE / "tests/shelf/inherited_sqlite.py"
PYTHON = os.environ["HANDLEGUARD_TEST_PYTHON"]


class Inherited(CommandLineTest):
    def test_the_childs_close_is_withheld(self):
        status, told = self.report("-m", "sqlite3", "--error-exitcode=9", "--", PYTHON, PROGRAM)
        self.assertEqual(status, 9)
        findings = told["findings"]
        self.assertEqual({finding["kind"] for finding in findings}, {"inherited"})
        parent = next(recording["pid"] for recording in told["recordings"] if recording["handles"][0]["created"])
        self.assertNotIn(parent, {finding["pid"] for finding in findings})
        closes = [finding for finding in findings if finding["class"] == "db" and finding["withheld"]]
        self.assertEqual({finding["call"]["function"] for finding in closes} & {"sqlite3_close", "sqlite3_close_v2"},
                         {finding["call"]["function"] for finding in closes})
        self.assertTrue(closes)
        self.assertTrue(all(finding["withheld"] or finding["class"] == "stmt" for finding in findings))


if __name__ == "__main__":
    unittest.main()
