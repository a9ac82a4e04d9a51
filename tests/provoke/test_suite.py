"""The tests of Python's own binding of SQLite, with calls held back: nothing is told, and the budget is kept within a fifth of
itself. Skipped where no interpreter has them.

Usage: test_suite.py HANDLEGUARD
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HANDLEGUARD = sys.argv[1]
SKIPPED, RUNS, FIFTH = 77, 2, 1.2
BUDGETS = 10, 20  # percent


def python_with_tests():
    candidates = [shutil.which("python3"), "/usr/bin/python3"]
    has_them = "import test.test_sqlite3, os, _sqlite3; print(_sqlite3.__file__)"
    for python in filter(None, candidates):
        if subprocess.run([python, "-c", has_them], capture_output=True, check=False).returncode == 0:
            return python
    return None


def run(python, folder, budget):
    """What is wrong; empty: nothing."""
    report = folder / "report.json"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
    command = [HANDLEGUARD, "run", "--brief", "-m", "sqlite3", "--provoke", f"--budget={budget}",
               f"--learn={folder}/learned", "--format=json", f"--report={report}", "--", python, "-m", "test",
               "test_sqlite3"]
    begun = time.monotonic()
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600,
                            check=False)
    lasted = time.monotonic() - begun
    if result.returncode != 0:
        return f"it ended with {result.returncode}: {result.stdout[-2000:]}{result.stderr[-2000:]}"
    told = json.loads(report.read_text(encoding="utf-8"))
    errors = [finding["story"] for finding in told["findings"] if finding["level"] == "error"]
    held = max(recording["counters"]["provoke-held-us"] for recording in told["recordings"]) / 1e6
    print(f"budget {budget} %: {held:.2f} s held of {lasted:.2f} s, {100 * held / lasted:.1f} %", flush=True)
    if held == 0:
        return "nothing was held back"
    # The run lasts longer than its process, whose time the budget is a share of: the bound is what must hold.
    over = held > lasted * budget / 100 * FIFTH and lasted > 1
    return "\n".join(errors + ["the budget was not kept"] * over)


def main():
    python = python_with_tests()
    if not python:
        print("no interpreter here has the tests of sqlite3, which Debian packages as the testsuite of a libpython3")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="handleguard-provoke-") as name:
        faults = [fault for budget in BUDGETS for _ in range(RUNS) if (fault := run(python, pathlib.Path(name), budget))]
    print("\n".join(faults))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
