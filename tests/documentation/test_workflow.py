"""The workflow on the page about CI does what it says: its commands run, and leave the files that its later steps take."""
import pathlib
import subprocess
import textwrap
import unittest
from xml.etree import ElementTree

import yaml

from names import MANIFEST, NamesTest
from support import BIN, SOURCE


def block_after(words):
    """The text that is set in after these words of the page."""
    page = (SOURCE / "docs/ci.md").read_text(encoding="utf-8")
    _, found, rest = page.partition(words + "\n\n")
    assert found, words
    return textwrap.dedent(rest.partition("\n\n")[0])


def workflow():
    """The steps of the page's only workflow."""
    return yaml.safe_load(block_after("In a GitHub workflow:"))


def files_of(steps):
    """What steps take that do not run a command."""
    return [value for step in steps for key, value in step.get("with", {}).items() if key in ("sarif_file", "report_paths", "path")]


class Workflow(NamesTest):
    def setUp(self):
        super().setUp()
        (self.folder / "net.yaml").symlink_to(MANIFEST)
        self.script(f"#!/bin/sh\nexec {self.app}/program twice\n", "run-tests")
        (self.folder / "bin").mkdir()
        (self.folder / "bin/handleguard").symlink_to(BIN / "handleguard")

        (self.folder / "races.yaml").write_text("handleguard: 1\nsuppressions: []\n", encoding="utf-8")
        self.report_nothing()

    def report_nothing(self):
        """A baseline of a program that has no handles."""
        self.handleguard("run", "-m", "./net.yaml", "--report", "json:baseline.json", "--", "true",
                         cwd=self.folder)

    def run_command(self, command):
        environment = self.environment | {"PATH": f"{self.folder}/bin:/usr/bin:/bin"}
        return subprocess.run(["bash", "-e", "-c", command], cwd=self.folder, env=environment, capture_output=True,
                              check=False).returncode

    def run_steps(self):
        """The exit status of each that runs a command."""
        return [self.run_command(step["run"]) for step in workflow() if "run" in step]

    def test_steps(self):
        self.assertEqual(self.run_steps(), [97])
        files = files_of(workflow())
        self.assertEqual([pathlib.Path(file).suffix for file in files], [".sarif", ".xml", ".html"])
        for file in files:
            self.assertGreater((self.folder / file).stat().st_size, 0)
        self.assertEqual(ElementTree.parse(self.folder / files[1]).getroot().tag, "testsuites")

    def test_what_is_accepted_does_not_fail_it(self):
        (self.folder / "races.yaml").write_text(block_after("[which findings are accepted](policy.md), and why:"), encoding="utf-8")
        self.assertEqual(self.run_steps(), [0])

    def test_what_was_there_before_does_not_fail_it(self):
        self.assertEqual(self.run_command(block_after("when handleguard came in, and holds back nothing\nthat is new:")), 0)
        self.assertEqual(self.run_steps(), [0])

    def test_what_is_uploaded_is_uploaded_when_the_run_has_failed(self):
        self.assertEqual({step["if"] for step in workflow() if "with" in step}, {"always()"})


if __name__ == "__main__":
    unittest.main()
