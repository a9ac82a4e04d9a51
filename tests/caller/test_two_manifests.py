"""Two manifests name one function. Either that is refused, with a sentence that names it and both manifests, or each of
them sees its calls. What must not be is that one of them sees nothing and nobody is told."""
import json
import os
import unittest

import support

PROGRAM = os.environ["HANDLEGUARD_TEST_PROGRAM"]
MANIFEST = support.SOURCE / "tests/caller/cell.yaml"
FUNCTIONS = """handleguard: 1
library: [libcell.so]
classes:
  cell: {reject: -1}
functions:
  cell_new: {create: cell}
  cell_free: {free: {cell: 0}}
"""


class TwoManifests(support.CommandLineTest):
    def setUp(self):
        super().setUp()
        self.second = self.script(FUNCTIONS, "second.yaml")

    def run_with(self, *manifests):
        """The run's result, and the report if there is one."""
        path = self.folder / "report.json"
        path.unlink(missing_ok=True)
        words = [word for manifest in manifests for word in ("-m", manifest)]
        result = self.handleguard("run", *words, "--format=json", "--report", path, "--", PROGRAM)
        return result, json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def assert_refused_or_seen_by_both(self, *manifests):
        result, told = self.run_with(*manifests)
        if result.returncode == 125:
            for word in ("cell_free", *(str(manifest) for manifest in manifests)):
                self.assertIn(word, result.stderr)
            self.assertEqual(len(result.stderr.splitlines()), 1)
            return
        self.assertEqual([(finding["kind"], finding["function"]) for finding in told["findings"]],
                         [("late-free", "cell_free")], result.stderr)
        (recording,) = told["recordings"]
        calls = {}
        for entry in recording["coverage"]:
            calls.setdefault(entry["function"], []).append(entry["calls"])
        for function in "cell_new", "cell_free":
            self.assertEqual(calls[function], [1, 1], function)

    def test_either_alone(self):
        for manifest in MANIFEST, self.second:
            result, told = self.run_with(manifest)
            self.assertNotEqual(result.returncode, 125, result.stderr)
            self.assertEqual([handles["created"] for handles in told["recordings"][0]["handles"]
                              if handles["class"] == "cell"], [1])

    def test_both(self):
        self.assert_refused_or_seen_by_both(MANIFEST, self.second)

    def test_both_the_other_way_round(self):
        self.assert_refused_or_seen_by_both(self.second, MANIFEST)


if __name__ == "__main__":
    unittest.main()
