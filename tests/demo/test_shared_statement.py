"""Two threads share one SQLite statement. Alone the program dies at once; guarded it survives a free under an op, and
where the manifest says that ops are to run one after the other, also an op under an op."""
import subprocess
import unittest

from demo import CRASHES, serialising_manifest
from support import BIN, CommandLineTest

SHARED_STATEMENT = BIN / "demo_shared_statement"
ROUNDS = 500
FREED_UNDER_STEP = {("late-free", "sqlite3_finalize", "sqlite3_step"): ROUNDS, ("late-op", "sqlite3_step"): ROUNDS}


class SharedStatement(CommandLineTest):
    def races(self, manifest, call):
        """What is reported of a run that must survive: how often each kind, and whom it names."""
        status, report = self.report("-m", manifest, "--", SHARED_STATEMENT, call, str(ROUNDS))
        self.assertEqual(status, 97)  # there are findings, and the program ended with 0
        (recording,) = report["recordings"]
        self.assertEqual([(each["class"], each["created"], each["freed"]) for each in recording["handles"]
                          if each["created"]], [("db", 1, 1), ("stmt", ROUNDS, ROUNDS)])
        return {(finding["kind"], finding["function"], *(op["function"] for op in finding["in_flight"])): finding["count"]
                for finding in report["findings"]}

    def test_alone_it_dies_in_the_first_round(self):
        for call in "reset", "finalize":
            result = subprocess.run([SHARED_STATEMENT, call], capture_output=True, timeout=300, check=False)
            self.assertIn(-result.returncode, CRASHES)

    def test_a_free_waits_for_the_op(self):
        self.assertEqual(self.races("sqlite3", "finalize"), FREED_UNDER_STEP)

    def test_an_op_does_not_wait_for_another(self):
        result = self.run_command("--", SHARED_STATEMENT, "reset")
        self.assertIn(result.returncode - 128, CRASHES)

    def test_an_op_waits_for_another_if_the_manifest_says_so(self):
        races = self.races(serialising_manifest(self.folder), "reset")
        self.assertEqual(races.pop(("overlap", "sqlite3_reset", "sqlite3_step")), ROUNDS)
        # The next step may come while the reset is still in: it waits in its turn.
        races.pop(("overlap", "sqlite3_step", "sqlite3_reset"), None)
        self.assertEqual(races, {})

    def test_a_free_waits_among_ops_that_do(self):
        self.assertEqual(self.races(serialising_manifest(self.folder), "finalize"), FREED_UNDER_STEP)


if __name__ == "__main__":
    unittest.main()
