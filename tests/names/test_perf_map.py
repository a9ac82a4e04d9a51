"""The names of code that was made at run time, by the file that its maker writes."""
import json
import os
import pathlib
import platform
import unittest

from names import HERE, MANIFEST, NamesTest


@unittest.skipUnless(platform.machine() == "x86_64", "the program makes code for that processor")
class PerfMap(NamesTest):
    def build(self, *options):
        super().build(*options)
        self.compile("-g", *options, "-o", self.app / "made", HERE / "made.c", "-L", self.app, "-lnet", "-Wl,-rpath,$ORIGIN")

    def run_made(self, name, *arguments):
        """The second call of net_close, as `run` reports it; and the perf map."""
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", MANIFEST, "--output", self.folder / "recordings", "--format=json", "--report", path,
                                  "--", self.app / "made", name, *arguments)
        perf_map = pathlib.Path(result.stdout.strip())
        self.addCleanup(perf_map.unlink, missing_ok=True)
        return self.call_in(path.read_text(encoding="utf-8")), perf_map

    def call_in(self, report):
        finding, = json.loads(report)["findings"]
        return finding["call"]

    def functions(self, call):
        return [frame["function"] for frame in call["stack"]]

    def test_function_is_named_by_the_latest_line_that_has_it(self):
        call, _ = self.run_made("close soon [tier 2]")
        self.assertEqual(self.functions(call)[:2], ["close soon [tier 2]", "main"])
        self.assertEqual([frame["function"] for frame in call["frames"]], ["close soon [tier 2]"])

    def test_javascript_and_python_say_files_too(self):
        for name, expected in {
                "JS:~get size /app/my stream.js:12:8": ["get size", "/app/my stream.js", 12, True, "javascript"],
                "LazyCompile:*close file:///app/stream.mjs:7:1": ["close", "/app/stream.mjs", 7, True, "javascript"],
                "LazyCompile:~close /app/stream.js:9": ["close", "/app/stream.js", 9, True, "javascript"],
                "Function:^ /app/stream.js:1:1": ["(anonymous)", "/app/stream.js", 1, True, "javascript"],
                "py::Stream.close:/app/stream.py": ["Stream.close", "/app/stream.py", 0, False, "python"],
                "JS:~odd": ["JS:~odd", None, 0, False, None]}.items():
            with self.subTest(name=name):
                frame, = self.run_made(name)[0]["frames"]
                self.assertEqual([frame[key] for key in ("function", "file", "line", "line_begins", "language")], expected)

    def test_name_is_kept_when_the_map_is_gone(self):
        told, perf_map = self.run_made("JS:~close /app/stream.js:12:8")
        perf_map.unlink()
        result = self.handleguard("report", "--format=json", self.folder / "recordings")
        self.assertEqual(self.call_in(result.stdout)["frames"], told["frames"])
        result = self.handleguard("report", self.folder / "recordings")
        self.assertIn("#0  close in /app/stream.js from line 12\n", result.stdout)

    def test_map_of_an_earlier_process_of_the_same_number_is_not_believed(self):
        call, _ = self.run_made("close", HERE / "made.c")
        self.assertEqual(self.functions(call)[:2], [None, "main"])
        self.assertEqual(call["frames"], [])

    def test_map_of_another_user_is_not_believed(self):
        if os.geteuid() != 0:
            self.skipTest("files can be given away by root only")
        call, _ = self.run_made("close", "nobody")
        self.assertEqual(call["frames"], [])


if __name__ == "__main__":
    unittest.main()
