"""What the tests of the bindings share: each variant's test, for a language that says how its own tests are run.

Usage of those: test_LANGUAGE.py before ROW | together | locked | after | unguarded | load | provoked
"""
import collections
import json
import os
import pathlib
import re
import shutil
import sys
import unittest

import heads
import support

from rows import HANGS, HANGS_UNDER_LOAD, LOADS, ROWS

HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = pathlib.Path(os.environ["HANDLEGUARD_TEST_COURIER"])
MANIFEST = HERE / "courier.yaml"
DEFER = "--drain=defer"
DEADLINE_MS = 200
WAIT = "--drain=wait", f"--deadline={DEADLINE_MS}"
ROUNDS = 20
LOAD_ROUNDS = 1000
PROVOKED_RUNS, FEW_ROUNDS = 5, 4
MORE_ROUNDS = {"load_on_collector": 40}  # a collection takes longer than most holds last


class ReferenceTest(support.CommandLineTest):
    """A language has `run_tests(name, variant, guard, rounds)`, `failures(variant)` and `test_of(name)`, as reports tell
    it. A name is one of ROWS or LOADS, or None for all of ROWS; GUARD is the command that goes in front of the program,
    or nothing. In USER_CODE it says which places of its own code each row's finding is about."""
    language = row = None
    USER_CODE = {}

    def setUp(self):
        super().setUp()
        self.environment |= {"LD_LIBRARY_PATH": str(LIBRARY), "COURIER_ROUNDS": str(LOAD_ROUNDS)}

    @classmethod
    def can_show(cls, row):
        return cls.language in row.languages

    # ---- What is run ----

    def guarded(self, name, variant, *options, manifest=MANIFEST, rounds=1):
        """Runs tests under guards: whether they passed, what they said, and the report."""
        path, recordings = self.folder / "report.json", self.folder / "recordings"
        shutil.rmtree(recordings, ignore_errors=True)
        guard = [support.PROGRAM, "run", "-m", manifest, *options, "--error-exitcode=0", "--require-coverage",
                 "--format=json", "--report", path, "--output", recordings, "--"]
        result = self.run_tests(name, variant, guard, rounds)
        said = result.stdout + result.stderr
        self.assertTrue(path.exists(), said)
        return result.returncode == 0, said, json.loads(path.read_text(encoding="utf-8"))

    def findings(self, name, variant, *options, **keywords):
        """What is reported of tests that pass, since the guards keep them from harm; and nobody is left in a call."""
        passed, said, told = self.guarded(name, variant, *options, **keywords)
        self.assertTrue(passed, said)
        self.assertEqual([recording["in_flight"] for recording in told["recordings"]], [[]])
        report = self.handleguard("report", self.folder / "recordings")
        self.assertEqual(heads.faults(report.stdout, told), [], report.stderr)
        return told["findings"], told["recordings"][0]

    # ---- What must be reported ----

    def assert_finding(self, name, row, finding):
        call = finding["call"] or finding["create"]
        facts = finding["kind"], finding["class"], call["function"], [op["function"] for op in finding["in_flight"]]
        self.assertEqual(facts, (row.kind, row.handle, row.call, [row.op] if row.op else []))
        self.assertEqual(finding["count"], 1)
        self.assertIn(row.mend_in(self.language), finding["fix"])
        self.assertEqual(self.USER_CODE[name].missing_in(finding), [])
        self.assertEqual(finding["test"], self.test_of(name))

    def assert_race(self, name):
        """The free is left to the call that is in flight on another thread."""
        (race,), _ = self.findings(name, "before", DEFER)
        self.assert_finding(name, ROWS[name], race)
        self.assertTrue(race["deferred"])
        self.assertNotEqual(race["call"]["thread"]["id"], race["in_flight"][0]["thread"]["id"])

    def assert_free_waits(self, name):
        """The free waits for the call, which does not leave in time."""
        (race, late), _ = self.findings(name, "before", *WAIT)
        self.assert_finding(name, ROWS[name].after_deadline(), race)
        self.assertEqual((late["kind"], late["function"]), ("freed-late", ROWS[name].call))
        self.assertTrue(race["deferred"] and not race["leaked"])
        self.assertEqual(race["deadline_ns"], DEADLINE_MS * 1_000_000)

    def assert_survivor_leaks(self, name):
        (leak,), recording = self.findings(name, "before")
        self.assert_finding(name, ROWS[name], leak)
        half, = (handles for handles in recording["handles"] if handles["class"] == "half")
        self.assertEqual((half["created"], half["freed"], half["live"]), (1, 0, 1))

    def assert_polling_ends(self, name):
        """Not so by a manifest that answers as if the time were up; but lint would have said so."""
        (late,), _ = self.findings(name, "before")
        self.assert_finding(name, ROWS[name], late)
        manifest = self.polling_manifest()
        passed, said, told = self.guarded(name, "before", manifest=manifest)
        self.assertFalse(passed)
        self.assertIn("polled 1000 times", said)
        self.assertEqual([(finding["kind"], finding["count"]) for finding in told["findings"]], [("late-op", 999)])
        self.assertIn("[reject-is-timeout]", self.handleguard("manifest", "lint", manifest).stdout)
        self.assertEqual(self.handleguard("manifest", "lint", MANIFEST).stdout, "")

    def polling_manifest(self):
        path = self.folder / "courier.yaml"
        text = MANIFEST.read_text(encoding="utf-8")
        was = "timeout: -ETIMEDOUT}"
        assert text.count(was) == 1
        path.write_text(text.replace(was, "timeout: -ETIMEDOUT, reject: -ETIMEDOUT}"), encoding="utf-8")
        return path

    # ---- The variants ----

    def test_before(self):
        row = ROWS[self.row]
        if row.kind == "leak":
            self.assert_survivor_leaks(self.row)
        elif row.kind == "late-op":
            self.assert_polling_ends(self.row)
        else:
            self.assert_race(self.row)
        if self.row == "watcher_frees_under_recv":
            self.assert_free_waits(self.row)

    def test_together(self):
        """In one run of all tests each race is a finding of its own, and told of its own test."""
        findings, _ = self.findings(None, "before", DEFER)
        names = {name for name, row in ROWS.items() if self.can_show(row)}
        for name in names:
            own = [finding for finding in findings if not self.USER_CODE[name].missing_in(finding)]
            nearest = min((self.USER_CODE[name].missing_in(finding) for finding in findings), key=len)
            self.assertEqual(len(own), 1, (name, nearest))
            self.assert_finding(name, ROWS[name], own[0])
        self.assertEqual(len(findings), len(names))

    def test_locked(self):
        """Who closes a stream hangs, and that is all: no race."""
        findings, _ = self.findings(HANGS, "locked")
        self.assertEqual(findings, [])

    def test_after(self):
        for options in (DEFER,), WAIT:
            with self.subTest(options=options):
                findings, recording = self.findings(None, "after", *options, rounds=ROUNDS)
                self.assertEqual(findings, [])
                unused = {handles["class"] for handles in recording["handles"] if handles["created"] == 0}
                self.assertEqual(unused, set())

    def test_unguarded(self):
        """The library itself notices each race, so that the bindings are as wrong as they are said to be."""
        wrong = {name for name, row in ROWS.items() if self.can_show(row) and row.kind == "late-free"}
        self.assertLessEqual(wrong - {"receiver_frees_when_it_leaves"}, self.failures("before"))
        healthy = self.run_tests(None, "after", [], 1)
        self.assertEqual(healthy.returncode, 0, healthy.stdout + healthy.stderr)

    def test_load(self):
        """How often a race is met where nothing makes sure of it is printed; that it is no other one is checked."""
        for name, row in LOADS.items():
            if self.can_show(row):
                with self.subTest(load=name):
                    self.assert_met_by_chance(name, row)
        with self.subTest(load=HANGS_UNDER_LOAD):
            self.assert_closes_only_wait()

    def assert_met_by_chance(self, name, row):
        findings, _ = self.findings(name, "before", DEFER)
        facts = {(finding["class"], (finding["call"] or finding["create"])["function"]) for finding in findings}
        self.assertLessEqual(facts, {(row.handle, row.call), (row.handle, row.op)})
        counts = collections.Counter()
        for finding in findings:
            counts[finding["kind"]] += finding["count"]
        self.assertLessEqual(set(counts), {"leak"} if row.kind == "leak" else {"late-free", "late-op"})
        for kind, count in counts.items():
            print(f"{name}: {kind} {count} times in {LOAD_ROUNDS} rounds", flush=True)
        findings, _ = self.findings(name, "after", DEFER)
        self.assertEqual(findings, [])

    def test_provoked(self):
        """Where nothing makes sure of a race and there are only a few rounds, one of five runs whose calls are held back
        tells it; and nothing is told of what is mended, held back as often. What plain runs tell is printed beside it."""
        print(f"{'':22}{f'plain, of {PROVOKED_RUNS}':>12}{'provoked':>14}{'mended':>12}")
        for name, row in LOADS.items():
            if self.can_show(row) and row.kind != "leak":
                with self.subTest(provoked=name):
                    self.assert_provoked(name, row)

    def is_told(self, name, row, *options):
        findings, _ = self.findings(name, "before", DEFER, *options)
        facts = {(finding["class"], (finding["call"] or finding["create"])["function"]) for finding in findings}
        self.assertLessEqual(facts, {(row.handle, row.call), (row.handle, row.op)})
        return bool(findings)

    def assert_provoked(self, name, row):
        self.environment["COURIER_ROUNDS"] = str(MORE_ROUNDS.get(name, FEW_ROUNDS))
        provoke = "--provoke", f"--learn={self.folder / name}"
        plain = sum(self.is_told(name, row) for _ in range(PROVOKED_RUNS))
        first = next((run for run in range(1, PROVOKED_RUNS + 1) if self.is_told(name, row, *provoke)), 0)
        told = [finding for _ in range(first) for finding in self.findings(name, "after", DEFER, *provoke)[0]]
        print(f"{name:22}{plain:12}{f'in run {first}' if first else 'not told':>14}{'told' if told else 'silent':>12}",
              flush=True)
        self.assertEqual((first > 0, told), (True, []))

    def assert_closes_only_wait(self):
        """With the lock a close waits for whoever receives, and none is ever told of as a race."""
        passed, said, told = self.guarded(HANGS_UNDER_LOAD, "locked", DEFER)
        self.assertTrue(passed, said)
        self.assertEqual(told["findings"], [])
        met, = re.findall(rf"waited \d+ times in {LOAD_ROUNDS} rounds", said)
        print(f"{HANGS_UNDER_LOAD}: {met}", flush=True)


def main(language):
    variant, *rows = sys.argv[1:]
    language.row = rows[0] if rows else None
    unittest.main(argv=[sys.argv[0], f"{language.__name__}.test_{variant}"])
