"""Two threads share one SQLite cursor: sqlite3_finalize is reported against the other thread's call in flight."""
import unittest

from support import SOURCE, CommandLineTest


PROGRAM = SOURCE / "tests/demo/shared_cursor.py"
COMMAND = "/usr/bin/python3", PROGRAM, "3"
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
        self.assert_both_lines_are_named(races)

    def assert_both_lines_are_named(self, races):
        """Each side goes on at the one line that both threads are at, of the function that both run."""
        lines = PROGRAM.read_text(encoding="utf-8").splitlines()
        place, = (("read_rows", str(PROGRAM), number) for number, line in enumerate(lines, 1) if ".execute(QUERY" in line)
        both = 0
        for race in races:
            sides = [[(frame["function"], frame["file"], frame["line"]) for frame in call["frames"]]
                     for call in (race["call"], race["create"], *race["in_flight"]) if call]
            self.assertEqual({side[0] for side in sides if side}, {place})
            both += all(sides) and any(race["in_flight"])
        self.assertGreater(both, 0)


if __name__ == "__main__":
    unittest.main()
