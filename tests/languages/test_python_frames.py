"""The user's own frames of Python programs: on each side of a finding the same functions, files and lines that the
interpreter tells of that stack itself; and which of its own calls freed a handle.

HANDLEGUARD_TEST_PYTHONS names interpreters to try; without it Debian's is meant.
"""
import json
import os
import subprocess
import sys
import unittest

import languages
import support

sys.path.insert(0, str(support.SOURCE / "docs"))
import read_recording  # noqa: E402

PYTHONS = os.environ.get("HANDLEGUARD_TEST_PYTHONS", "/usr/bin/python3").split()
FOLDER = languages.HERE / "python"
WHO = {"by_last_reference": "a Python __del__ method",
       "by_collector": "a Python __del__ method that the garbage collector called",
       "by_weak_reference": "a Python weak reference's callback",
       "by_weak_finalize": "a Python weak reference's callback",
       "by_exit": "the end of the Python interpreter",
       "by_end": "a Python __del__ method, at the interpreter's end"}


def of_report(call):
    return [[frame["function"], frame["file"], frame["line"]] for frame in call["frames"]]


class PythonFrames(languages.LanguageTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.environment["LD_LIBRARY_PATH"] = str(languages.GATE)
        self.environment["PYTHONPATH"] = str(self.folder)

    def run_guarded(self, *command):
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--repeat-limit=200", "--format=json",
                                  "--report", path, "--", *command)
        self.assertTrue(path.exists(), result.stdout + result.stderr)
        told = json.loads(path.read_text(encoding="utf-8"))
        counters = told["recordings"][0]["counters"]
        self.assertEqual({name: counters[name] for name in ("python-unknown", "python-lost", "told-full", "told-gone")
                          if counters[name]}, {})
        return told, [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]

    def hold_against_interpreter(self, python, binding, ways):
        told, lines = self.run_guarded(python, "-B", FOLDER / "frames.py", binding, ways)
        for line in lines:
            way, sides = line["way"], line["sides"]
            found = [finding for finding in told["findings"] if finding["call"] and of_report(finding["call"]) == sides["call"]]
            self.assertEqual(len(found), 1, (way, sides["call"], [of_report(f["call"]) for f in told["findings"]]))
            self.assertEqual(found[0]["kind"], "reentrant-free" if way == "by_callback" else "late-free")
            self.assertEqual(of_report(found[0]["create"]), sides["create"], way)
            self.assertIn(sides["in_flight"], [of_report(op) for op in found[0]["in_flight"]], way)
            if way in WHO or way == "by_method" or way == "by_thread":
                self.assertEqual(found[0]["call"]["run_by"], WHO.get(way), way)
        return [line["way"] for line in lines]

    def test_every_side_is_what_the_interpreter_tells(self):
        for python in PYTHONS:
            with self.subTest(python=python):
                self.assertEqual(len(self.hold_against_interpreter(python, "open_ctypes", "all")), 9)
                for way in "by_exit", "by_end":
                    self.assertEqual(self.hold_against_interpreter(python, "open_ctypes", way), [way])

    def test_op_that_has_called_back_is_where_it_was_called(self):
        for python in PYTHONS:
            for way in "by_callback", "in_callback":
                with self.subTest(python=python, way=way):
                    if subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False).returncode:
                        self.skipTest("before 3.11 frames do not say where C code has called the interpreter")
                    self.assertEqual(self.hold_against_interpreter(python, "open_ctypes", way), [way])

    def test_op_of_a_greenlet_that_is_parked_has_no_frames_of_another(self):
        told, _ = self.run_guarded("/usr/bin/python3", "-B", FOLDER / "callbacks.py", "in_op")
        finding, = told["findings"]
        self.assertEqual([frame["function"] for frame in finding["call"]["frames"]], ["in_op", "<module>"])
        self.assertEqual(of_report(finding["in_flight"][0]), [])

    def test_threads_whose_frames_the_interpreters_end_takes_away(self):
        for python in PYTHONS:
            for _ in range(5):
                result = self.handleguard("run", "-m", languages.MANIFEST, "--", python, "-B", FOLDER / "daemons.py")
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_cffi_and_an_extension_module(self):
        python = "/usr/bin/python3"
        self.build(python, FOLDER / "build_cffi.py", self.folder, languages.INCLUDE, languages.GATE)
        include = subprocess.run([f"{python}-config", "--includes"], capture_output=True, text=True, check=True).stdout
        self.build("gcc", "-g", "-shared", "-fPIC", *include.split(), f"-I{languages.INCLUDE}",
                   "-o", self.folder / "gate_extension.so", FOLDER / "gate_extension.c", f"-L{languages.GATE}", "-lgate")
        for binding in "open_cffi", "open_cffi_api", "open_extension":
            with self.subTest(binding=binding):
                self.assertEqual(len(self.hold_against_interpreter(python, binding, "all")), 9)

    def test_a_hundred_lines_of_one_function_are_a_hundred_places(self):
        source = self.folder / "lines.py"
        text = (FOLDER / "lines.py").read_text(encoding="utf-8")
        source.write_text(text.replace("    # LINES\n", "".join(f"    close(gates[{i}])\n" for i in range(100))),
                          encoding="utf-8")
        first = text[:text.index("    # LINES")].count("\n") + 1
        self.environment["PYTHONPATH"] += f":{FOLDER}"
        for python in PYTHONS:
            with self.subTest(python=python):
                told, _ = self.run_guarded(python, "-B", source)
                places = [[frame["line"] for frame in finding["call"]["frames"]][1] for finding in told["findings"]]
                self.assertEqual(sorted(places), list(range(first, first + 100)))
                self.assertEqual({finding["kind"] for finding in told["findings"]}, {"late-free"})


if __name__ == "__main__":
    unittest.main()
