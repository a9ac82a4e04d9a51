"""What stands in a page: the whole report, nothing that is loaded, and no name that could be taken for a part of the page."""
import html.parser
import json
import unittest

from names import MANIFEST
from page import EVIL, PageTest, data_of, unfold


class Elements(html.parser.HTMLParser):
    """The tags of a page, and what its attributes lead to."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "action", "data", "poster")]


class Contents(PageTest):
    def test_it_holds_the_json_report(self):
        run = self.record("twice")
        page = self.page_of(run).read_text(encoding="utf-8")
        report = json.loads(self.handleguard("report", "--format=json", run).stdout)
        self.assertEqual(unfold(data_of(page))[0], report)

    def test_nothing_is_loaded(self):
        text = self.page_of(self.record("twice")).read_text(encoding="utf-8")
        self.assertEqual({link.partition("#")[0] for link in Elements(text).links}, {"", "data:,"})
        self.assertNotIn("@import", text)
        self.assertIn("default-src 'none'", text)

    def test_names_end_no_part_of_the_page(self):
        quiet = Elements(self.page_of(self.record("twice")).read_text(encoding="utf-8"))
        text = self.page_of(self.record_hostile()).read_text(encoding="utf-8")
        self.assertEqual(Elements(text).tags, quiet.tags)
        report, _ = unfold(data_of(text))
        finding, = report["findings"]
        self.assertEqual(finding["call"]["test"], EVIL)
        self.assertEqual(finding["call"]["thread"]["name"], "<b>\"'&\ufffd")
        self.assertEqual(finding["call"]["user_line"]["file"].rsplit("/", 2)[1:], ["<", "script><i>.c"])
        self.assertEqual(report["recordings"][0]["command"][1:], [EVIL, "\ufffd<!--"])

    def test_of_a_run(self):
        result = self.handleguard("run", "-m", MANIFEST, "--report", "html:-", "--", self.app / "program", "twice")
        self.assertEqual(result.returncode, 97)
        self.assertEqual(len(unfold(data_of(result.stdout))[0]["findings"]), 1)

    def test_of_a_killed_process(self):
        text = self.page_of(self.record("die")).read_text(encoding="utf-8")
        report, page = unfold(data_of(text))
        self.assertEqual(report["recordings"][0]["ended"]["how"], "signal")
        self.assertEqual(report["recordings"][0]["in_flight"][0]["function"], "net_use")
        self.assertIn("was killed by SIGKILL", page["headline"])

    def test_of_a_run_that_saw_nothing(self):
        file = self.folder / "page.html"
        self.handleguard("run", "-m", MANIFEST, "--report", f"html:{file}", "--", "true")
        report, page = unfold(data_of(file.read_text(encoding="utf-8")))
        self.assertEqual(report["findings"], [])
        self.assertEqual(page["together"], None)
        self.assertIn("no library of the program defines the functions", report["nothing_covered"])


if __name__ == "__main__":
    unittest.main()
