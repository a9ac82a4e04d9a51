"""What runs learn goes on in the next ones: near misses, hits, and what a damaged file does.

Usage: test_files.py LEARNER PRELOAD_OBJECT HANDLEGUARD
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

LEARNER, PRELOAD, HANDLEGUARD = sys.argv[1:4]
SITE = r"gate_touch@learner\+0x[0-9a-f]+"
FREE = r"gate_close@learner\+0x[0-9a-f]+"
# Each is a line that somebody has cut, mixed up or made up.
DAMAGED = ["pair {site}", "pair {site} {site} {site}", "pair {site} gate_close", "hit {site} x 1 10 late-op",
           "hit {site} b 1 ten late-op", "hit {site} b 99999999999 10 late-op", "miss {site} b", "miss  {site} b 1",
           "pair {site}# {site}", "pair {site} gate_close@+0x1", "passed", "passed gate gate",
           "learned", "\x00\x01\xff", "x" * 5000]


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="handleguard-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.learned = self.folder / "learned"

    def run_learner(self, *options, held=False, arguments=()):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
        command = [HANDLEGUARD, "run", "-m", PRELOAD, "--format=json", "--report=report.json", *options, "--", LEARNER]
        result = subprocess.run([*command, *["held"] * held, *arguments], cwd=self.folder, env=environment, capture_output=True,
                                text=True, timeout=300, check=False)
        report = self.folder / "report.json"
        return result, json.loads(report.read_text(encoding="utf-8")) if report.exists() else None

    def learn(self):
        result, _ = self.run_learner("--learn", "learned", held=False)
        self.assertEqual(result.returncode, 0, result.stderr)

    def assert_found(self, *options):
        result, report = self.run_learner(*options, held=True)
        self.assertEqual(result.returncode, 97, result.stderr)
        self.assertEqual([finding["kind"] for finding in report["findings"]], ["late-op"])
        self.finding = report["findings"][0]
        return report["recordings"][0]["counters"]

    def lines(self):
        return self.learned.read_text(encoding="utf-8").splitlines()

    def test_learning_alone_holds_nothing_and_finds_nothing(self):
        self.learn()
        self.assertRegex("\n".join(self.lines()), rf"^passed gate\npair {SITE} {FREE}\nrun [-:TZ.\d]+ 1$")

    def test_runs_that_learn_nothing_new_say_since_when(self):
        for sentence in ("1 new near miss; learned knows 1", "no new near miss in 1 run; learned knows 1",
                         "no new near miss in 2 runs; learned knows 1"):
            result, _ = self.run_learner("--learn=learned", held=False)
            self.assertIn(f"handleguard run: {sentence}\n", result.stderr)
        passed, pair, *runs = self.lines()
        # Another machine's, a day later.
        self.learned.write_text("\n".join([passed, pair.replace("touch", "wait"), "run 2999-01-01T00:00:00Z.1 1", *runs, pair, ""]),
                                encoding="utf-8")
        result, _ = self.run_learner("--learn=learned", held=False)
        self.assertIn("handleguard run: no new near miss in 1 run; learned knows 2\n", result.stderr)

    def test_what_is_done_once_is_learned_by_the_second_run(self):
        """Until the free nothing says that a handle goes from thread to thread; the next run knows it from the start."""
        self.run_learner("--learn=learned", arguments=["once"])
        self.assertRegex("\n".join(self.lines()), r"^passed gate\nrun [-:TZ.\d]+ 0$")
        self.run_learner("--learn=learned", arguments=["once"])
        self.assertRegex("\n".join(self.lines()[2:]), rf"^pair {SITE} {FREE}\nrun [-:TZ.\d]+ 1$")

    def test_what_was_learned_is_held_at_its_first_call(self):
        self.learn()
        self.assert_found("--provoke", "--learn=learned", "--points=b", "--budget=100", "--delay=60000")
        hits = [line for line in self.lines() if line.startswith("hit ")]
        self.assertEqual(len(hits), 1)
        self.assertRegex(hits[0], rf"^hit {SITE} b 1 \d+ late-op$")

    def test_the_report_says_what_was_held_and_how_to_do_it_again(self):
        self.learn()
        self.assert_found("--provoke", "--learn=learned", "--points=b", "--budget=100", "--delay=60000",
                          "--report=sarif:report.sarif", "--report=text:report.txt")
        provoked = self.finding["provoked"]
        self.assertRegex(provoked["site"], rf"^{SITE}$")
        self.assertEqual((provoked["function"], provoked["point"], provoked["call"]), ("gate_touch", "b", 1))
        self.assertTrue(0 <= provoked["came_ns"] <= provoked["held_ns"] < 60 * 10**9, provoked)
        self.assertIn(provoked["replay"], self.learned.read_text(encoding="utf-8"))
        self.assertIn("This was provoked: gate_touch was held back before it entered, for", self.finding["story"])
        self.assertIn(f"To do it again: --replay with a file that says: {provoked['replay']}", self.finding["story"])
        sarif = json.loads((self.folder / "report.sarif").read_text(encoding="utf-8"))
        self.assertEqual(sarif["runs"][0]["results"][0]["properties"]["provoked"], provoked)
        text = re.sub(r"\s+", " ", (self.folder / "report.txt").read_text(encoding="utf-8"))
        self.assertIn(self.finding["story"], text)
        self.learned.write_text(provoked["replay"] + "\n", encoding="utf-8")
        self.assert_found("--replay=learned", "--delay=60000")

    def test_a_hit_is_done_again_also_from_a_damaged_file(self):
        self.learn()
        site = self.lines()[1].split()[1]
        hit = f"hit {site} b 1 60000 late-op\n"
        self.learned.write_text(hit, encoding="utf-8")
        self.assertEqual(self.assert_found("--replay=learned")["provoke-damaged"], 0)
        damaged = "\n".join(DAMAGED).format(site=site)
        self.learned.write_text(f"{damaged}\n\n# ours\n{hit}pair {site} gate_clo", encoding="utf-8")
        self.assertEqual(self.assert_found("--replay=learned")["provoke-damaged"], len(DAMAGED) + 1)

    def test_files_are_merged_by_sort(self):
        self.learn()
        pair = self.lines()[1]
        other = self.folder / "other"
        other.write_text(f"{pair}\nhit {pair.split()[1]} b 1 60000 late-op\n", encoding="utf-8")
        merged = subprocess.run(["sort", "-u", self.learned, other], capture_output=True, text=True, check=True).stdout
        self.assertEqual([line.split()[0] for line in merged.splitlines()], ["hit", "pair", "passed", "run"])
        self.learned.write_text(merged, encoding="utf-8")
        self.assertEqual(self.assert_found("--replay=learned")["provoke-damaged"], 0)

    def test_files_that_cannot_be_used_are_told_before_the_start(self):
        for option, what in ("--replay=none", "read"), ("--learn=none/learned", "written"):
            result, report = self.run_learner(option, held=False)
            self.assertEqual((result.returncode, report), (125, None))
            self.assertRegex(result.stderr, rf": none\S*: cannot be {what}: No such file or directory\n$")

    def test_options_that_mean_nothing_are_told_before_the_start(self):
        for option, sentence in (("--points=bx", "--points is 'bx', but must be one or more of the letters bifal"),
                                 ("--budget=0", "--budget is '0', but must be a whole number from 1 to 100"),
                                 ("--learn=", "--learn is empty, but must name a file")):
            result, report = self.run_learner(option, held=False)
            self.assertEqual((result.returncode, report), (125, None))
            self.assertTrue(re.search(re.escape(sentence) + "$", result.stderr.strip()), result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
