"""A program runs under Valgrind and the guard at once. With the suppressions that are installed, Valgrind reports what the
program does, and nothing that the guard does."""
import pathlib
import subprocess
import unittest

import support

HERE = pathlib.Path(__file__).resolve().parent
SUPPRESSIONS = support.SOURCE / "runtime/api/valgrind.supp"
WAITED = [("late-free", "tank_close", ["tank_hold"]), ("repeat-free", "tank_close", []), ("late-op", "tank_level", [])]
FOUND = 77


class Valgrind(support.CommandLineTest):
    def guarded(self, *arguments):
        """Builds and runs the program: how it ended, and what the guard reports."""
        subprocess.run(["gcc", "-g", "-O1", "-fPIC", "-shared", "-o", self.folder / "libtank.so", HERE / "tank.c"],
                       check=True)
        subprocess.run(["gcc", "-g", "-O1", "-pthread", "-o", self.folder / "main", HERE / "main.c", "-L", self.folder,
                        "-ltank", f"-Wl,-rpath,{self.folder}"], check=True)
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", HERE / "tank.yaml", "--format=json", "--report", path, "--", "valgrind",
                                  f"--error-exitcode={FOUND}", "--leak-check=full", f"--suppressions={SUPPRESSIONS}",
                                  self.folder / "main", *arguments)
        self.assertTrue(path.exists(), result.stderr)
        findings = support.json.loads(path.read_text(encoding="utf-8"))["findings"]
        return result, [(each["kind"], each["function"], [op["function"] for op in each["in_flight"]])
                        for each in findings]

    def test_what_the_guard_does_is_not_reported(self):
        result, findings = self.guarded()
        self.assertIn("ERROR SUMMARY: 0 errors", result.stderr)
        self.assertEqual((result.stdout, findings), ("done\n", WAITED))

    def test_both_tools_report(self):
        result, findings = self.guarded("fault")
        self.assertIn("Invalid write of size 1", result.stderr)
        self.assertEqual((result.returncode, findings), (FOUND, WAITED))


if __name__ == "__main__":
    unittest.main()
