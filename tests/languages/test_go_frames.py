"""The user's own frames of Go programs: on each side of a finding the same functions, files and lines that the Go runtime
tells of that stack itself, however the program was built.

HANDLEGUARD_TEST_TOOLCHAINS names toolchains to build with, as the variable GOTOOLCHAIN does; without it the one that is
installed is meant.
"""
import json
import os
import subprocess
import sys
import unittest

import go_truth
import languages
import support

sys.path.insert(0, str(support.SOURCE / "docs"))
import read_recording  # noqa: E402

TOOLCHAINS = os.environ.get("HANDLEGUARD_TEST_TOOLCHAINS", "local").split()
WAYS = {"plain": [], "without symbols": ["-ldflags=-s -w"], "pie": ["-buildmode=pie"],
        "pie without symbols": ["-buildmode=pie", "-ldflags=-s -w"], "race detector": ["-race"], "trimmed": ["-trimpath"],
        "not optimised": ["-gcflags=all=-N -l"]}
FLAGS = {"GOFLAGS": "-mod=mod -buildvcs=false", "CGO_ENABLED": "1", "CGO_CFLAGS": f"-I{languages.INCLUDE}",
         "CGO_LDFLAGS": f"-L{languages.GATE} -lgate"}


class GoFrames(languages.LanguageTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.environment["LD_LIBRARY_PATH"] = str(languages.GATE)

    def compile(self, source, toolchain, *flags):
        program = self.folder / f"{toolchain}.{len(flags)}.{hash(flags)}"
        self.build("go", "build", *flags, "-o", program, source, GOTOOLCHAIN=toolchain, **FLAGS)
        return program

    def run_guarded(self, *command):
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--repeat-limit=200", "--format=json",
                                  "--report", path, "--", *command)
        self.assertTrue(path.exists() and result.stdout.endswith("done\n"), result.stdout + result.stderr)
        return json.loads(path.read_text(encoding="utf-8")), result.stdout

    def hold_against_runtime(self, *command):
        told, out = self.run_guarded(*command)
        self.assertEqual(go_truth.differences(told, out), [])
        self.assertEqual({finding["kind"] for finding in told["findings"]}, {"late-free"})
        return told["findings"]

    def test_every_side_is_what_the_runtime_tells(self):
        source = languages.HERE / "go/frames.go"
        for toolchain in TOOLCHAINS:
            for way, flags in WAYS.items():
                with self.subTest(toolchain=toolchain, way=way):
                    self.hold_against_runtime(self.compile(source, toolchain, *flags))

    def test_a_library_inside_another_program(self):
        for toolchain in TOOLCHAINS:
            for flags in [], ["-ldflags=-s -w"]:
                with self.subTest(toolchain=toolchain, flags=flags):
                    library = self.compile(languages.HERE / "go/frames.go", toolchain, "-buildmode=c-shared", *flags)
                    findings = self.hold_against_runtime(
                        "/usr/bin/python3", "-c", f"import ctypes; ctypes.CDLL({str(library)!r}).runWays()")
                    # The program's frames are those further out; a goroutine of Go's own has none.
                    outside = {tuple(frame["function"] for frame in finding["call"]["frames"] if frame["language"] == "python")
                               for finding in findings}
                    self.assertEqual(outside, {(), ("<module>",)})

    def test_a_hundred_lines_of_one_function_are_a_hundred_places(self):
        source = self.folder / "lines.go"
        text = (languages.HERE / "go/lines.go").read_text(encoding="utf-8")
        source.write_text(text.replace("\t// LINES\n", "".join(f"\ts[{i}].Close()\n" for i in range(100))), encoding="utf-8")
        first = text[:text.index("// LINES")].count("\n") + 1
        told, _ = self.run_guarded(self.compile(source, "local"))
        lines = [finding["call"]["frames"][-4]["line"] for finding in told["findings"]]
        self.assertEqual(sorted(lines), list(range(first, first + 100)))
        self.assertEqual({finding["count"] for finding in told["findings"]}, {1})

    def test_the_reader_of_the_format_reads_the_same(self):
        recordings = self.folder / "recordings"
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--output", recordings, "--",
                                  self.compile(languages.HERE / "go/frames.go", "local"))
        recording, = recordings.rglob("*.hgr")
        told = json.loads(self.handleguard("report", "--format=json", recording).stdout)
        mine = [finding["call"][0]["frames"] for finding in read_recording.read(recording)["findings"]]
        theirs = [finding["call"]["frames"] for finding in told["findings"]]
        self.assertEqual(sorted(map(json.dumps, mine)), sorted(map(json.dumps, theirs)), result.stderr)
        self.assertGreater(len(mine), 10)

    def test_the_go_test_is_named_on_each_side_that_it_calls(self):
        program = self.folder / "tested"
        self.build("go", "test", "-C", languages.HERE / "go/tested", "-c", "-o", program, ".", **FLAGS)
        recordings = self.folder / "recordings"
        self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--output", recordings, "--", program)
        recording, = recordings.rglob("*.hgr")
        finding, = json.loads(self.handleguard("report", "--format=json", recording).stdout)["findings"]
        sides = finding["call"], finding["create"], finding["in_flight"][0]
        self.assertEqual([side["test"] for side in sides], ["tested.TestRace.func1", "tested.TestRace", None])
        self.assertEqual([side["test_is_sure"] for side in sides], [True, True, False])
        self.assertIn("Test: tested.TestRace.func1; the create: tested.TestRace", self.handleguard("report", recording).stdout)

    def test_a_report_needs_no_program(self):
        program = self.compile(languages.HERE / "go/cancel.go", "local")
        recordings = self.folder / "recordings"
        self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--output", recordings, "--", program, "race")
        program.unlink()
        recording, = recordings.rglob("*.hgr")
        text = self.handleguard("report", recording).stdout
        self.assertRegex(text, r"The free: gate_close in thread .*:\n +#0  main\.\(\*stream\)\.close at \S+/cancel\.go:37\n")
        self.assertRegex(text, r"In flight: gate_wait in thread .*:\n +#0  main\.\(\*stream\)\.recv at \S+/cancel\.go:27\n")
        self.assertRegex(text, r"Created by gate_open in thread .*:\n +#0  main\.main at \S+/cancel\.go:41\n")
        self.assertNotIn("in C:", text)
        self.assertIn("in C:", self.handleguard("report", "--full", recording).stdout)


def lacking():
    """Toolchains that cannot be had here."""
    return [toolchain for toolchain in TOOLCHAINS
            if subprocess.run(["go", "version"], env=os.environ | {"GOTOOLCHAIN": toolchain}, capture_output=True, check=False).returncode]


if __name__ == "__main__":
    if lacking():
        print(f"The Go toolchains {', '.join(lacking())} are not there and cannot be fetched.")
        sys.exit(77)
    unittest.main()
