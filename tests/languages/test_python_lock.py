"""Whether a free waits depends on who holds the interpreter's lock (`--drain=auto`): with Debian's Python, and with others."""
import os
import unittest

import languages

PYTHONS = os.environ.get("HANDLEGUARD_TEST_PYTHONS", "/usr/bin/python3").split()
MANIFEST = """handleguard: 1
library: libgate.so
classes: {gate: {reject: -EPIPE}}
functions:
  gate_open: {create: gate}
  gate_wait: {op: {gate: 0}}
  gate_close_with: {free: {gate: 0}, returns: void}
"""
DEADLINE_MS = 40_000  # nobody who waits for it is let through


class PythonLock(languages.LanguageTest):
    def run_case(self, python, case, manifest=languages.MANIFEST, deadline_ms=DEADLINE_MS):
        path = self.folder / "report.json"
        script = languages.HERE / "python/lock.py"
        result = self.handleguard("run", "-m", manifest, "--drain=auto", f"--deadline={deadline_ms}", "--format=json",
                                  "--report", path, "--", python, "-B", script, case,
                                  env={"LD_LIBRARY_PATH": languages.GATE})
        return result, path

    def findings_of(self, python, case):
        result, path = self.run_case(python, case)
        self.assertEqual((result.stdout, result.stderr.count("Traceback")), ("done\n", 0), result.stderr)
        findings = languages.support.json.loads(path.read_text(encoding="utf-8"))["findings"]
        return [(finding["kind"], finding["function"], finding["deferred"], finding["locked"], finding["drain_ns"] > 0)
                for finding in findings if finding["kind"] not in ("leak", "late-op")]

    def assert_told(self, case, *, waits):
        expected = [("late-free", "gate_close", not waits, not waits, waits)]
        for python in PYTHONS:
            with self.subTest(python=python, case=case):
                self.assertEqual(self.findings_of(python, case), expected)

    def test_who_holds_the_lock_does_not_wait(self):
        self.assert_told("free_with_lock", waits=False)

    def test_who_has_let_go_of_it_waits(self):
        self.assert_told("free_without_lock", waits=True)

    def test_who_has_let_go_of_it_waits_beside_another_interpreter(self):
        self.assert_told("free_without_lock_beside_another_interpreter", waits=True)

    def test_who_holds_it_in_another_interpreter_does_not_wait(self):
        self.assert_told("free_with_lock_in_another_interpreter", waits=False)

    def test_a_thread_that_python_does_not_know_waits(self):
        self.assert_told("free_by_foreign_thread", waits=True)

    def test_a_finalizer_at_the_end_does_not_wait(self):
        self.assert_told("free_at_the_end", waits=False)

    def manifest_where_the_free(self, calls_back):
        key = "returns: void, callbacks: true" if calls_back else "returns: void"
        path = self.folder / f"calls_{calls_back}.yaml"
        path.write_text(MANIFEST.replace("returns: void", key), encoding="utf-8")
        return path

    def test_a_free_that_calls_back_never_runs_on_another_thread(self):
        for python in PYTHONS:
            with self.subTest(python=python):
                result, path = self.run_case(python, "free_that_calls_back", self.manifest_where_the_free(True), 100)
                self.assertEqual(result.stdout, "done\n", result.stderr)
                (finding,) = languages.support.json.loads(path.read_text(encoding="utf-8"))["findings"]
                self.assertEqual((finding["kind"], finding["leaked"], finding["deferred"]), ("drain-timeout", True, False))

    def test_where_the_manifest_does_not_say_so_python_runs_without_its_lock(self):
        result, _ = self.run_case(PYTHONS[0], "free_that_calls_back", self.manifest_where_the_free(False), 100)
        self.assertNotEqual(result.stdout, "done\n")


if __name__ == "__main__":
    unittest.main()
