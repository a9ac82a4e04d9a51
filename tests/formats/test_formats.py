"""Several reports of one run, each in a format of its own."""
import json
import re
import unittest
from xml.etree import ElementTree

from names import HERE, MANIFEST, NamesTest
from support import SOURCE


class Formats(NamesTest):
    def run_with(self, *reports, what="twice", options=()):
        arguments = [word for report in reports for word in ("--report", report)]
        return self.handleguard("run", "-m", MANIFEST, *options, *arguments, "--", self.app / "program", what,
                                cwd=self.folder)

    def text_of(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def line_of(self, words):
        """The line of the program's source that has these words."""
        lines = (HERE / "program.c").read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if words in line)

    def test_several_at_once(self):
        result = self.run_with("json:a.json", "sarif:a.sarif", "junit:a.xml", "ndjson:a.ndjson", "text:a.txt", "github:-")
        self.assertEqual(result.returncode, 97, result.stderr)
        report = json.loads(self.text_of("a.json"))
        self.assertEqual(len(report["findings"]), 1)
        self.assertEqual(json.loads(self.text_of("a.sarif"))["version"], "2.1.0")
        self.assertEqual(len(self.text_of("a.ndjson").splitlines()), 2)
        self.assertIn("repeat-free of net", self.text_of("a.txt"))
        self.assertIn("::error ", result.stdout)
        self.assertEqual(ElementTree.parse(self.folder / "a.xml").getroot().tag, "testsuites")

    def test_summary(self):
        """A line a finding, below the first; and no more columns than were asked for."""
        result = self.run_with("text:-", options=["--summary", "--no-headline"])
        line = self.line_of("static inline") + 2
        self.assertRegex(result.stdout.splitlines()[-1], "^error: repeat-free of net: net_close against net_close, 1 time, at "
                         rf"{HERE}/program.c:{line}, fingerprint [0-9a-f]{{16}}$")
        self.assertEqual(self.run_with("text:-", options=["--summary", "--width=20"]).stderr.splitlines()[-1],
                         "handleguard run: --width does not take '20'; it takes 40 to 1000 columns")

    def test_width(self):
        """Of paragraphs: a call is one line, and so is a frame of its stack, however long its names are."""
        def widest(*options):
            finding = self.run_with("text:-", options=["--no-headline", *options]).stdout.split("\n1. ")[1]
            return max(len(line) for line in finding.splitlines() if "/" not in line and not line.endswith(":"))
        self.assertLessEqual(widest("--width=60"), 60)
        self.assertGreater(widest(), 80)

    def test_sarif(self):
        self.run_with("sarif:a.sarif", options=["--source-root", SOURCE])
        log, = json.loads(self.text_of("a.sarif"))["runs"]
        result, = log["results"]
        rules = log["tool"]["driver"]["rules"]
        self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
        self.assertEqual(result["ruleId"], "repeat-free")
        place = result["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"], {"uri": "tests/names/program.c", "uriBaseId": "SRCROOT"})
        self.assertEqual(place["region"]["startLine"], self.line_of("static inline") + 2)
        self.assertEqual(log["originalUriBaseIds"]["SRCROOT"]["uri"], f"file://{SOURCE}/")
        flows = result["codeFlows"][0]["threadFlows"]
        self.assertEqual([flow["message"]["text"].split(":")[0] for flow in flows], ["the call", "the free", "the create"])
        names = [step["location"]["logicalLocations"][0]["fullyQualifiedName"] for step in flows[0]["locations"]
                 if "logicalLocations" in step["location"]]
        self.assertEqual(names[-3:], ["main", "close_both", "close_again"])

    def test_names_that_a_uri_escapes(self):
        self.app.rename(self.folder / "an app")
        self.app = self.folder / "an app"
        self.run_with("sarif:a.sarif", options=["--path-map", f"{HERE}=/a place/100%"])
        self.assertIn("file:///a%20place/100%25/program.c", self.text_of("a.sarif"))

    def test_junit(self):
        self.run_with("junit:a.xml", options=["--source-root", SOURCE])
        suite, = ElementTree.parse(self.folder / "a.xml").getroot()
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("skipped")), ("1", "1", "0"))
        failure = suite.find("testcase[@classname='handleguard.classes'][@name='net']/failure")
        self.assertEqual(failure.get("type"), "repeat-free")
        self.assertIn("tests/names/program.c:", failure.text)

    def test_junit_of_what_fails_no_run(self):
        self.run_with("junit:a.xml", what="leave", options=["--fail-on=warning"])
        suite, = ElementTree.parse(self.folder / "a.xml").getroot()
        self.assertEqual(suite.get("failures"), "0")
        self.assertRegex(suite.find("testcase/system-out").text, "^leak of net\n1 time, fingerprint ")

    def test_github(self):
        out = self.run_with("github:-", options=["--source-root", SOURCE]).stdout
        self.assertRegex(out, r"^::error file=tests/names/program\.c,line=[0-9]+,title=repeat-free of net%3A net_close ")
        self.assertEqual(out.count("\n"), 1)

    def test_ndjson(self):
        self.run_with("ndjson:a.ndjson")
        recording, finding = map(json.loads, self.text_of("a.ndjson").splitlines())
        self.assertEqual(recording["type"], "recording")
        self.assertEqual(recording["build"], self.build_id(self.app / "program"))
        self.assertEqual((finding["kind"], finding["count"]), ("repeat-free", 1))
        self.assertLessEqual(finding["started_ns"], finding["first_ns"])
        self.assertTrue(finding["file"].endswith("program.c"))

    def test_paths_are_mapped(self):
        """The first that fits counts; a folder's name is not the beginning of another's."""
        self.run_with("github:-", options=["--path-map", f"{str(HERE)[:-1]}=/wrong", "--path-map", f"{HERE}=src"])
        out = self.run_with("github:-", options=["--path-map", f"{str(HERE)[:-1]}=/wrong", "--path-map", f"{HERE}=src",
                                                 "--path-map", f"{HERE}=/late"]).stdout
        self.assertIn("file=src/program.c,", out)

    def test_names_with_numbers(self):
        """Reports of many runs in one folder do not overwrite each other."""
        for _ in range(3):
            self.run_with("json:of-%n.json", "text:of-%p.txt")
        self.assertEqual(sorted(path.name for path in self.folder.glob("of-*.json")),
                         ["of-1.json", "of-2.json", "of-3.json"])
        self.assertEqual(len(list(self.folder.glob("of-*.txt"))), 3)
        for path in self.folder.glob("of-*.txt"):
            self.assertTrue(re.fullmatch(r"of-[0-9]+\.txt", path.name))

    def test_the_same_from_a_recording(self):
        run = self.record("twice")
        result = self.handleguard("report", "-o", "sarif:b.sarif", "-o", "junit:-", run, cwd=self.folder)
        self.assertEqual(result.returncode, 1)
        self.assertIn("<testsuites>", result.stdout)
        self.assertEqual(len(json.loads(self.text_of("b.sarif"))["runs"][0]["results"]), 1)


class Mistakes(NamesTest):
    def check(self, *options, says):
        for command in (("run", "-m", MANIFEST), ("report",)):
            words = options if command[0] == "run" else [{"--report": "-o"}.get(word, word) for word in options]
            tail = ("--", "true") if command[0] == "run" else (self.folder,)
            result = self.handleguard(*command, *words, *tail)
            self.assertEqual(result.returncode, 125 if command[0] == "run" else 2, result.stderr)
            self.assertIn(says, result.stderr)

    def test_a_format_without_a_file(self):
        self.check("--report", "sarif:", says="names no file; write FORMAT:FILE, or - for standard output")

    def test_a_map_without_an_end(self):
        self.check("--path-map", "/from", says="--path-map is '/from', but must be FROM=TO")

    def test_a_format_that_there_is_not(self):
        result = self.handleguard("run", "-m", MANIFEST, "--format=sarf", "--", "true")
        self.assertIn("but must be one of text, json, ndjson, sarif, junit, github, html, suppressions, trace; did you mean sarif?", result.stderr)

    def test_a_folder_that_there_is_not(self):
        result = self.handleguard("run", "-m", MANIFEST, "--report", "sarif:/nowhere/a.sarif", "--", "touch",
                                  self.folder / "ran")
        self.assertEqual(result.returncode, 125)
        self.assertIn("/nowhere/a.sarif: cannot be written", result.stderr)
        self.assertFalse((self.folder / "ran").exists())


if __name__ == "__main__":
    unittest.main()
