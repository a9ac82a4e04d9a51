"""Findings that are accepted, with their reason, that were known before, or that have another level."""
import json
import re
import shutil
import tempfile
import unittest
from xml.etree import ElementTree

from names import MANIFEST, NamesTest
from support import SOURCE

KINDS = ", ".join(re.findall(r'^HG_KIND\(\w+, "([a-z-]+)"', (SOURCE / "runtime/format/kinds.def").read_text(encoding="utf-8"),
                             re.MULTILINE))


class PolicyTest(NamesTest):
    """The program is built once for all tests."""

    built = None

    def build(self, *options):
        if options:
            super().build(*options)
            return
        if not PolicyTest.built:
            super().build()
            PolicyTest.built = tempfile.mkdtemp(prefix="handleguard-test-")
            unittest.addModuleCleanup(shutil.rmtree, PolicyTest.built)
            shutil.copytree(self.app, PolicyTest.built, dirs_exist_ok=True)
        shutil.copytree(PolicyTest.built, self.app, dirs_exist_ok=True)

    def policy(self, *suppressions, levels="{}"):
        """A file of these suppressions, each a map in YAML."""
        path = self.folder / "policy.yaml"
        items = "".join(f"  - {{{each}}}\n" for each in suppressions)
        path.write_text(f"handleguard: 1\nlevels: {levels}\nsuppressions:{items and chr(10) + items or ' []'}\n", encoding="utf-8")
        return path

    def json_of(self, run, *options):
        return json.loads(self.handleguard("report", "--format=json", *options, run).stdout)


class Suppressions(PolicyTest):
    def test_run_ends_well(self):
        """In all formats at once: what was accepted is there, with its reason, and fails nothing."""
        path = self.policy("kind: repeat-free, class: net, reason: 'it is <meant>'")
        names = "json", "sarif", "junit", "ndjson", "github", "text"
        reports = [word for name in names for word in ("--report", f"{name}:{self.folder}/a.{name}")]
        result = self.handleguard("run", "-m", MANIFEST, "--suppressions", path, *reports, "--", self.app / "program", "twice")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("1 finding in 1 recording; 1 accepted", result.stderr)
        texts = {name: (self.folder / f"a.{name}").read_text(encoding="utf-8") for name in names}
        report = json.loads(texts["json"])
        self.assertEqual(report["findings"][0]["suppressed"], "it is <meant>")
        used, = report["policy"]["suppressions"]
        self.assertEqual((used["state"], used["findings"], used["line"]), ("used", 1, 4))
        accepted, = json.loads(texts["sarif"])["runs"][0]["results"][0]["suppressions"]
        self.assertEqual(accepted["justification"], "it is <meant>")
        suite, = ElementTree.fromstring(texts["junit"])
        self.assertEqual((suite.get("failures"), suite.get("skipped")), ("0", "1"))
        self.assertEqual(suite.find("testcase/skipped").get("message"), "accepted: it is <meant>")
        self.assertEqual(json.loads(texts["ndjson"].splitlines()[1])["suppressed"], "it is <meant>")
        self.assertEqual(texts["github"], "")
        self.assertRegex(texts["text"], r"Accepted\n  repeat-free of net: net_close against net_close, fingerprint [0-9a-f]{16}:")

    def test_each_key(self):
        """Whether another file would accept it is asked of an old recording, without another run."""
        run = self.record("twice")
        digits = self.json_of(run)["findings"][0]["fingerprint"]
        for fits in ("kind: repeat-*", "class: n?t", "function: net_close", "function: close_again", "function: 'close_*'",
                     "object: libnet.so", "object: '*/app/program'", f"fingerprint: '{digits}'"):
            result = self.handleguard("report", "--suppressions", self.policy(f"{fits}, reason: known"), run)
            self.assertEqual((result.returncode, result.stderr), (0, ""), fits)
        for other in ("kind: late-op", "class: network", "function: close", "object: libne", "test: '*'",
                      "fingerprint: '0123456789abcdef'", "kind: repeat-free, class: other"):
            result = self.handleguard("report", "--suppressions", self.policy(f"{other}, reason: known"), run)
            self.assertEqual(result.returncode, 1, other)
            self.assertIn("policy.yaml:4: no finding fits this suppression: known\n", result.stderr)

    def test_expiry(self):
        run = self.record("twice")
        result = self.handleguard("report", "--suppressions", self.policy("kind: repeat-free, reason: later, expires: 2020-02-29"), run)
        self.assertEqual(result.returncode, 1)
        self.assertIn("policy.yaml:4: this suppression expired on 2020-02-29 and accepts nothing any more: later\n", result.stderr)
        result = self.handleguard("report", "--suppressions", self.policy("kind: repeat-free, reason: later, expires: 9999-12-31"), run)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_of_one_of_two(self):
        """What is accepted comes last, and the other one fails the run."""
        both = self.folder / "recordings"
        for what in "twice", "leave":
            self.handleguard("run", "-m", MANIFEST, "--output", both, "--", self.app / "program", what)
        path = self.policy("kind: repeat-free, reason: known")
        result = self.handleguard("report", "--suppressions", path, "--fail-on=note", both)
        self.assertEqual(result.returncode, 1)
        self.assertTrue(result.stdout.startswith("handleguard: 2 findings in 2 recordings: 1 note; 1 accepted\n"), result.stdout)
        self.assertEqual(self.handleguard("report", "--suppressions", path, both).returncode, 0)
        self.assertEqual([finding["kind"] for finding in self.json_of(both, "--suppressions", path)["findings"]],
                         ["leak", "repeat-free"])

    def test_draft(self):
        """It is refused until somebody has written a reason."""
        run = self.record("twice")
        path = self.folder / "draft.yaml"
        self.handleguard("report", "-o", f"suppressions:{path}", run)
        result = self.handleguard("report", "--suppressions", path, run)
        self.assertEqual(result.returncode, 2)
        self.assertIn("draft.yaml:9:12: key 'reason': found nothing, expected why its findings are accepted, in words", result.stderr)
        path.write_text(path.read_text(encoding="utf-8").replace("reason:\n", "reason: we meant it\n"), encoding="utf-8")
        self.assertEqual(self.handleguard("report", "--suppressions", path, run).returncode, 0)
        again = self.handleguard("report", "--suppressions", path, "--format=suppressions", run).stdout
        path.write_text(again, encoding="utf-8")
        self.assertEqual(self.handleguard("report", "--suppressions", path, run).returncode, 1)


class Baseline(PolicyTest):
    def test_only_what_is_new(self):
        run, old = self.record("twice"), self.folder / "old.json"
        self.handleguard("report", "-o", f"json:{old}", run)
        self.build("-O0")
        result = self.handleguard("run", "-m", MANIFEST, "--baseline", old, "--", self.app / "program", "twice")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("1 finding in 1 recording; 1 known before", result.stderr)
        report = self.json_of(run, "--baseline", old)
        self.assertEqual(report["policy"]["baseline"], {"file": str(old), "findings": 1, "met": 1})
        self.assertTrue(report["findings"][0]["known"])
        sarif = json.loads(self.handleguard("report", "--format=sarif", "--baseline", old, run).stdout)
        self.assertEqual(sarif["runs"][0]["results"][0]["baselineState"], "unchanged")

    def test_what_is_new_fails(self):
        old = self.folder / "old.json"
        self.handleguard("run", "-m", MANIFEST, "--report", f"json:{old}", "--", self.app / "program", "leave")
        run = self.record("twice", "--baseline", old)
        result = self.handleguard("report", "--format=sarif", "--baseline", old, run)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(json.loads(result.stdout)["runs"][0]["results"][0]["baselineState"], "new")

    def test_what_is_none(self):
        run, path = self.record("twice"), self.folder / "old.json"
        for text, says in (("{", "near end of file"), ("{}", "its 'schema' is not 'handleguard-report/1'"),
                           ('{"schema": "handleguard-report/1", "findings": [{}]}', "its 'findings' have no fingerprints")):
            path.write_text(text, encoding="utf-8")
            result = self.handleguard("report", "--baseline", path, run)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn(says, result.stderr)
            self.assertIn("make one with handleguard report --format=json", result.stderr)


class Announced(PolicyTest):
    """Findings that a runner of tests has told by itself: what is left of them is that they are counted."""

    def after(self, *lines):
        """A run of two processes, in each of which a handle is freed twice, of which those lines have been told."""
        script = '"$0" twice; "$0" twice; printf "$1" >>"$HANDLEGUARD_OUTPUT/announced.txt"'
        return self.handleguard("run", "-m", MANIFEST, "--", "sh", "-c", script, self.app / "program",
                                "".join(f"{line}\n" for line in lines))

    def test_all_of_them_or_some(self):
        digits = self.json_of(self.record("twice"))["findings"][0]["fingerprint"]
        headline = "handleguard: 1 finding in 2 recordings: 1 error"
        result = self.after(f"{digits} 1", f"{digits} 1")
        self.assertEqual((result.returncode, result.stderr), (0, f"{headline}; 1 told by the runner of the tests\n"))
        for lines in [f"{digits} 1"], [f"{digits} one", f"{digits[:-1]}! 2", "2"], [f"{digits[:-1]}{int(digits[-1], 16) ^ 1:x} 2"]:
            result = self.after(*lines)
            self.assertEqual(result.returncode, 97, lines)
            self.assertTrue(result.stderr.startswith(f"{headline}\n\n1. error: repeat-free of net"), result.stderr)


class Levels(PolicyTest):
    def test_levels_of_kinds(self):
        run = self.record("leave")
        self.assertEqual(self.handleguard("report", run).returncode, 0)
        result = self.handleguard("report", "--suppressions", self.policy(levels="{leak: error}"), run)
        self.assertEqual(result.returncode, 1)
        self.assertIn("1. error: leak of net", result.stdout)
        self.assertEqual(self.handleguard("report", "--suppressions", self.policy(levels="{leak: note}"), run).returncode, 0)


class Mistakes(PolicyTest):
    def check(self, text, *says):
        path = self.folder / "bad.yaml"
        path.write_text(text, encoding="utf-8")
        result = self.handleguard("report", "--suppressions", path, self.folder)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(result.stderr, "".join(f"{path}:{line}\n" for line in says))

    def test_of_the_file(self):
        self.check("", "1:1: key 'handleguard': found an empty file, expected a file of suppressions")
        self.check("suppressions: []", "1:1: key 'handleguard' is missing; a file of suppressions begins with 'handleguard: 1'")
        self.check("handleguard: 2", "1:14: key 'handleguard': found '2', expected an integer from 1 to 1")
        self.check("handleguard: 1\nsuppression: []",
                   "2:1: key 'suppression': found an unknown key, expected one of handleguard, levels, suppressions (did you mean 'suppressions'?)")
        self.check("handleguard: 1\nsuppressions: {}",
                   "2:15: key 'suppressions': found an empty map, expected a list, each item of which begins with '- '")

    def test_of_levels(self):
        self.check("handleguard: 1\nlevels: {leek: note}",
                   f"2:10: key 'leek': found an unknown key, expected one of {KINDS} (did you mean 'leak'?)")
        self.check("handleguard: 1\nlevels: {leak: notes}",
                   "2:16: key 'leak': found 'notes', expected one of note, warning, error (did you mean 'note'?)")

    def test_of_suppressions(self):
        self.check("""handleguard: 1
suppressions:
  - {kind: late-opp, reason: known}
  - {class: net}
  - {reason: known}
  - {class: net, reason: }
  - {class: net, reason: known, expires: 2023-02-29}
  - {class: net, reason: known, expires: tomorrow}
  - {fingerprint: 12, reason: known}
  - {function: [a], reason: known}
""", f"3:12: key 'kind': found 'late-opp', expected one of {KINDS} (did you mean 'late-op'?)",
                   "4:5: key 'reason' is missing; every suppression says why its findings are accepted",
                   "5:5: key 'suppressions': found nothing that says which findings are meant, expected at least one of kind, class, function, object, test, fingerprint",
                   "6:26: key 'reason': found nothing, expected why its findings are accepted, in words",
                   "7:42: key 'expires': found '2023-02-29', expected the last day on which it holds, YYYY-MM-DD",
                   "8:42: key 'expires': found 'tomorrow', expected the last day on which it holds, YYYY-MM-DD",
                   "9:19: key 'fingerprint': found '12', expected the 16 digits that a report tells, such as 0123456789abcdef",
                   "10:16: key 'function': found a list of 1 item, expected a name, in which * stands for anything")

    def test_before_the_start(self):
        for option in "--suppressions", "--baseline":
            result = self.handleguard("run", "-m", MANIFEST, option, "/nowhere/file", "--", "touch", self.folder / "ran")
            self.assertEqual(result.returncode, 125)
            self.assertIn("/nowhere/file", result.stderr)
            self.assertFalse((self.folder / "ran").exists())


if __name__ == "__main__":
    unittest.main()
