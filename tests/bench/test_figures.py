"""The benchmark measures what it is asked for, says what it lacks, and its figures become a page: test_figures.py HG_BENCH
PAGE. What the figures are is nobody's promise."""
import contextlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import compare
import performance

BENCH, PAGE = sys.argv[1:3]


def run(*arguments, **environment):
    return subprocess.run([BENCH, *arguments], capture_output=True, text=True, check=True, env={**os.environ, **environment})


class Figures(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)

    def figures(self, *arguments, **environment):
        file = self.folder / "figures.json"
        done = run("--json", file, *arguments, **environment)
        return json.loads(file.read_text(encoding="utf-8")), done

    def test_a_quick_run_is_whole(self):
        figures, done = self.figures("--quick", "--only", "op, one thread")
        self.assertEqual({"system", "release", "architecture", "processor", "processors", "load", "libc", "date"},
                         set(figures["machine"]))
        self.assertLessEqual({"bare call", "handleguard", "counter in the library's own struct", "handleguard.h in the library",
                              "sharded rwlock table in a preload"}, {series["variant"] for series in figures["series"]})
        for series in figures["series"]:
            self.assertEqual(3, len(series["sorted"]))
            self.assertEqual(sorted(series["sorted"]), series["sorted"])
            self.assertEqual(series["sorted"][0], series["minimum"])
            self.assertEqual(series["sorted"][1], series["median"])
            self.assertGreater(series["minimum"], 0)
            self.assertIn(series["variant"], done.stdout)
        self.assertTrue(figures["targets"])

    def test_rows_are_chosen(self):
        names = run("--list").stdout.splitlines()
        quick = run("--list", "--quick").stdout.splitlines()
        self.assertEqual(len(names), len(set(names)))
        self.assertLess(set(quick), set(names))
        self.assertEqual([name for name in names if "shared frees" in name], run("--list", "--only", "shared frees").stdout.splitlines())

    def test_what_is_not_installed_is_left_out_and_said(self):
        figures, done = self.figures("--rounds", "1", "--only", "whatever else", PATH="/nonexistent")
        variants = {series["variant"] for series in figures["series"]}
        for program, variant in (("uftrace", "uftrace"), ("valgrind", "Valgrind's drd"), ("ltrace", "ltrace")):
            self.assertNotIn(variant, variants)
            self.assertIn(f"{program} is not installed, so what is measured says nothing of it", done.stderr)
        self.assertLessEqual({"bare call", "handleguard", "ThreadSanitizer's build", "LD_AUDIT that does nothing"}, variants)

    def test_figures_become_a_page(self):
        page = self.folder / "page.md"
        shutil.copy(PAGE, page)
        table = performance.measure(BENCH, ["--quick", "--only", "create and free"])
        curves = performance.measure(BENCH, ["--curves", "--quick", "--only", "handles, 64"])
        performance.write_page(page, {"table": table, "curves": curves})
        text = page.read_text(encoding="utf-8")
        self.assertEqual(2, text.count(table["machine"]["date"]))
        self.assertIn("| create and free (stacks off) | ns | ", text)
        self.assertLessEqual({"handles"}, {series["curve"] for series in curves["series"]})
        self.assertEqual({64}, {series["at"] for series in curves["series"]})

    def test_curves_are_of_what_is_added(self):
        series = [{"curve": "handles", "variant": variant, "at": at, "minimum": figure, "median": 2 * figure}
                  for variant, figures in (("bare call", (1, 2)), ("handleguard", (4, 9)), ("sharded rwlock table in a preload", (11, 1)))
                  for at, figure in zip((10, 1000), figures)]
        picture = next(performance.pictures(series))
        # What noise has made less than nothing has no place on a logarithmic axis.
        self.assertEqual([("handleguard", [(10, 3), (1000, 7)]), ("rwlock table", [(10, 10)])], picture.lines)
        if shutil.which("gnuplot"):
            picture.draw(self.folder)
            self.assertIn("handles", (self.folder / "growth-handles.svg").read_text(encoding="utf-8"))

    def test_what_has_become_slower_is_told(self):
        def slower(old, new, bare=(10, 10)):
            rows = {("op", "handleguard"): compare.Row(), ("op", "bare call"): compare.Row()}
            for which, both in enumerate(zip((old, new), bare)):
                for row, figures in zip(rows.values(), both):
                    for figure in figures if isinstance(figures, tuple) else (figures,):
                        row.note(which, {"minimum": figure, "median": figure + 1})
            with contextlib.redirect_stdout(io.StringIO()):
                return compare.show(rows)

        self.assertEqual([], slower(100, 102))
        self.assertEqual(["op: handleguard"], slower(100, 104))
        self.assertEqual([], slower(100, 50))
        self.assertEqual([], slower((100, 150), (140, 101, 102)), "one disturbed run says nothing")
        self.assertEqual([], slower(100, 104, bare=(10, 10.4)), "as much as the bare call has")
        self.assertEqual(["op: handleguard"], slower(100, 104, bare=(10, 9)), "a bare call that was disturbed before hides nothing")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
