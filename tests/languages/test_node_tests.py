"""Tests in JavaScript: each side of a finding is told with the test that it is of, by what the package for npm has for runners.

HANDLEGUARD_TEST_NODES names Nodes to try; without it Debian's is meant. HANDLEGUARD_TEST_JEST is a folder with jest in its
node_modules; without it Node's own runner is tried alone.
"""
import json
import os
import pathlib
import shutil
import unittest

import languages
import test_node
from support import BIN, SOURCE

GROUP = "of a group"
RACES, LEAVES, USES = "races", "leaves a timer behind", "uses what the timer has closed"
JEST = os.environ.get("HANDLEGUARD_TEST_JEST")


class Labels(test_node.NodeTest):
    """The package is laid as scripts/release lays it."""

    def setUp(self):
        super().setUp()
        self.project = self.folder / "project"
        package = self.project / "node_modules/handleguard"
        addon = package / "tree" / os.uname().machine / "handleguard/lib/handleguard.node"
        addon.parent.mkdir(parents=True)
        addon.symlink_to(pathlib.Path(BIN).parent / "lib/handleguard.node")
        for name in ("index.js", "labels.js", "jest.js", "node-test.js"):
            shutil.copy(SOURCE / "packages/node" / name, package)
        for name in ("labelled.test.js", "silent.js"):
            shutil.copy(self.script_path(name), self.project)
        self.addon = self.compile()

    def labels_of(self, *command):
        """Of each finding: its function, and the tests of what came wrong, of its other side, and of the create."""
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--format=json", "--report", path, "--",
                                  *command, cwd=self.project, env={"LD_LIBRARY_PATH": languages.GATE, "ADDON": self.addon})
        self.assertEqual(result.returncode, 97, result.stdout + result.stderr)
        told = json.loads(path.read_text(encoding="utf-8"))["findings"]
        return {each["call"]["function"]: [(side["test"], side["test_is_sure"]) for side in
                                           (each["call"], each["free"] or each["in_flight"][0], each["create"])] for each in told}

    def expected(self, uses, file="labelled.test.js"):
        races, leaves, uses = (f"{file} > {name}" for name in (RACES, LEAVES, uses))
        # A thread of the pool does whatever is asked for: that it is of the latest test is a guess.
        return {"gate_close": [(races, True), (races, False), (races, True)],
                "gate_touch": [(uses, True), (leaves, True), (leaves, True)]}

    def test_of_nodes_runner(self):
        for node in test_node.NODES:
            with self.subTest(node=node):
                # Before 20 the runner does not say what group a test is in.
                major = int(self.run_of(node, "-p", "process.versions.node.split('.')[0]"))
                uses = f"{GROUP} > {USES}" if major >= 20 else USES
                self.assertEqual(self.labels_of(node, "--require", "handleguard/node-test", "--test", "labelled.test.js"),
                                 self.expected(uses))

    def test_without_guards_nothing_is_said(self):
        said = self.run_of(test_node.NODE, "--require", "handleguard/node-test", "-e", "require('node:test')('one', () => {})")
        self.assertRegex(said, r"\bpass 1\b")

    def run_of(self, *command):
        result = languages.subprocess.run([str(word) for word in command], cwd=self.project, capture_output=True, text=True,
                                          check=False, env=self.environment)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    @unittest.skipUnless(JEST, "jest is not here")
    def test_of_jest(self):
        """In a worker of its own, as there are two files, and in the process that was started, where there is one."""
        (self.project / "package.json").write_text('{"jest": {"setupFilesAfterEnv": ["handleguard/jest"]}}', encoding="utf-8")
        (self.project / "other.test.js").write_text("test('nothing', () => {})\n", encoding="utf-8")
        jest = pathlib.Path(JEST) / "node_modules/jest/bin/jest.js"
        for words in (["--maxWorkers=2"], ["--runInBand"], ["labelled"]):
            with self.subTest(words=words):
                self.assertEqual(self.labels_of(test_node.NODE, jest, *words), self.expected(f"{GROUP} {USES}"))


if __name__ == "__main__":
    unittest.main()
