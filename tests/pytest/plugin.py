"""What the tests of the plugin for pytest share: the package as it is installed, but with the program that was built here."""
import os
import pathlib
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree

import support

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = support.SOURCE / "packages/python"
MANIFEST = support.SOURCE / "tests/support/gate.yaml"


def install(folder):
    """As pip does: modules, and what pytest is told by."""
    declared = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["pytest11"]
    shutil.copytree(PACKAGE / "handleguard", folder / "handleguard", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "handleguard/bin").symlink_to(support.BIN)
    information = folder / "handleguard-0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: handleguard\nVersion: 0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(
        "[pytest11]\n" + "".join(f"{name} = {module}\n" for name, module in declared.items()), encoding="utf-8")


class PluginTest(support.CommandLineTest):
    python = "/usr/bin/python3"  # the one that Debian's pytest belongs to

    def setUp(self):
        super().setUp()
        site = self.folder / "site"
        site.mkdir()
        install(site)
        self.guests = self.folder / "guests"
        shutil.copytree(HERE / "guests", self.guests)
        self.environment |= {"PYTHONPATH": f"{site}:{self.guests}", "LD_LIBRARY_PATH": os.environ["HANDLEGUARD_TEST_GATE"],
                             "PYTHONDONTWRITEBYTECODE": "1", "PATH": f"{support.BIN}:{os.environ['PATH']}", "COLUMNS": "200"}

    def run_program(self, *command):
        return subprocess.run([str(word) for word in command], cwd=self.guests, env=self.environment, capture_output=True,
                              text=True, timeout=300, check=False)

    def pytest(self, *arguments, guard=True):
        options = [f"--handleguard={MANIFEST}"] if guard else []
        return self.run_program(self.python, "-m", "pytest", "-p", "no:cacheprovider", *options, *arguments)

    def cases(self, *arguments, **keywords):
        """What the tests came to, by JUnit's file: for each the elements in it; and what was run."""
        path = self.folder / "junit.xml"
        result = self.pytest(f"--junitxml={path}", *arguments, **keywords)
        self.assertTrue(path.exists(), result.stdout + result.stderr)
        tree = xml.etree.ElementTree.parse(path)
        return {case.get("name"): case for case in tree.iter("testcase")}, result

    def assert_ends(self, result, status):
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)


def outcomes(cases):
    """The names of what JUnit has of each test besides output and properties."""
    return {name: [child.tag for child in case if child.tag not in ("properties", "system-out", "system-err")]
            for name, case in cases.items()}


def findings(case):
    return [each.get("value") for each in case.iter("property") if each.get("name") == "handleguard"]
