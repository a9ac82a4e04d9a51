"""`handleguard manifest learn` with the manifests of the shelf: from each, lines of functions that a program calls are taken away,
one at a time, and the line must be proposed; of the whole manifest nothing may be."""
import json
import os
import pathlib
import random
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ["HANDLEGUARD_TEST_SOURCE"], "tests/accuracy"))
import measure  # noqa: E402
import servers  # noqa: E402
from support import BIN, SOURCE  # noqa: E402
from test_shelf import SHELF  # noqa: E402

TRIES, SEED = int(os.environ.get("HANDLEGUARD_TEST_TRIES", "10")), 13
SHELF_TESTS = BIN.parent / "tests/shelf"
# By manifest: the program, headers, flags.
PROGRAMS = {name: ([BIN / f"world_{name}", "quiet"], headers, flags) for name, (_, headers, flags, _) in SHELF.items()} | {
    "libzmq": ([SHELF_TESTS / "quiet_zmq"], ["zmq.h"], []),
    "sqlite3": ([SHELF_TESTS / "quiet_sqlite"], ["sqlite3.h"], ["-DSQLITE_ENABLE_SESSION", "-DSQLITE_ENABLE_PREUPDATE_HOOK"]),
}

# Of what an `if` tells apart nothing can be proposed, nor of what only a driver calls, nor of a library as a whole.
NOT_BY_LINES = {"libhidapi", "libnetcdf", "libodbc", "libportaudio"}



def without(text, function):
    """The manifest's text without the entry of a function, and that entry."""
    entry = re.search(rf"^  {function}:.*\n(?:   +.*\n)*", text, re.MULTILINE)
    return text[:entry.start()] + text[entry.end():], entry.group()


def uses_of(functions):
    """What a manifest's functions do, as a set; parents are left out, which the library's documentation decides."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write("functions:\n" + functions)
        file.flush()
        found = measure.uses_of(file.name)
    return {(role, *use) for role in ("creates", "frees", "ops") for use in found[role]}


class Learn(servers.ServedTest):
    def learn(self, manifest, program, headers, flags):
        words = [word for header in headers for word in ("--header", header)] + [f"--cflag={flag}" for flag in flags]
        result = self.handleguard("manifest", "learn", "-m", manifest, *words, "--", *program)
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return result.returncode, result.stdout

    def called(self, name, program):
        _, report = self.report("-m", name, "--", *program)
        functions = {entry["function"] for recording in report["recordings"] for entry in recording["coverage"] if entry["calls"]}
        text = (SOURCE / f"tools/manifests/{name}.yaml").read_text(encoding="utf-8")
        # What another line names (`wake`) cannot be taken away.
        return sorted(function for function in functions if not re.search(rf"function: {function}\b", text))

    def proposed(self, told, function):
        lines = re.search(rf"^  {function}:.*\n(?:   +[^# ].*\n)*", told, re.MULTILINE)
        return uses_of(lines.group()) if lines else set()

    def test_of_a_whole_manifest_nothing(self):
        for name, (program, headers, flags) in PROGRAMS.items():
            with self.subTest(name):
                status, told = self.learn(name, program, headers, flags)
                self.assertNotIn("#", told)
                self.assertEqual(status, 0)

    def test_a_line_that_was_taken_away(self):
        for name, (program, headers, flags) in PROGRAMS.items():
            if name in NOT_BY_LINES:
                continue
            text = (SOURCE / f"tools/manifests/{name}.yaml").read_text(encoding="utf-8")
            called = self.called(name, program)
            taken = random.Random(SEED).sample(called, min(TRIES, len(called)))
            missed = []
            for function in taken:
                less, entry = without(text, function)
                path = pathlib.Path(self.folder / f"{name}.yaml")
                path.write_text(less, encoding="utf-8")
                _, told = self.learn(path, program, headers, flags)
                if self.proposed(told, function) != uses_of(entry):
                    missed.append((function, entry, told))
            print(f"{name}: {len(taken) - len(missed)} of {len(taken)} lines are proposed; not {[each[0] for each in missed]}")
            with self.subTest(name):
                self.assertGreaterEqual(10 * (len(taken) - len(missed)), 9 * len(taken), missed)


if __name__ == "__main__":
    absent = [str(program[0]) for program, *_ in PROGRAMS.values() if not os.path.exists(program[0])]
    absent += servers.missing()
    if absent:
        print(f"skipped: scripts/install-deps world installs what these need, and they must be built anew: {absent}")
        sys.exit(77)
    unittest.main()
