"""Two threads share one SQLite cursor: sqlite3_finalize is reported against the other thread's call in flight."""
import unittest

from support import SOURCE, CommandLineTest


COMMAND = "/usr/bin/python3", SOURCE / "tests/demo/shared_cursor.py", "3"
RUNS = 10


class SharedCursor(CommandLineTest):
    def races(self):
        """The interpreter may die all the same, of a bug of its own, which now and then comes before any late free."""
        for _ in range(RUNS):
            status, report = self.report("-m", "sqlite3", "--", *COMMAND)
            self.assertIn(status, (97, 128 + 7, 128 + 11, 128 + 6))
            races = [finding for finding in report["findings"] if finding["kind"] == "late-free"]
            if races:
                return races
        return self.fail(f"no late free was recorded in {RUNS} runs")

    def test_the_free_is_reported_against_the_op_in_flight(self):
        races = self.races()
        for race in races:
            self.assertEqual((race["class"], race["function"]), ("stmt", "sqlite3_finalize"))
        functions = {op["function"] for race in races for op in race["in_flight"]}
        self.assertTrue(functions & {"sqlite3_step", "sqlite3_reset", "sqlite3_column_type", "sqlite3_bind_int64"},
                        functions)
        self.assertTrue(any(race["call"]["thread"]["id"] != op["thread"]["id"]
                            for race in races for op in race["in_flight"]))


if __name__ == "__main__":
    unittest.main()
