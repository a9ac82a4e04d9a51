"""The plugin for pytest with other plugins, releases of pytest, and interpreters. Each has an environment of its own, made of
packages from PyPI below HANDLEGUARD_TEST_ENVIRONMENTS and kept there.

HANDLEGUARD_TEST_PYTHONS names interpreters to try; of those that no release of Debian has, scripts/test-pythons says how they
are had.
"""
import os
import pathlib
import re
import subprocess
import sys
import unittest

from plugin import MANIFEST, PluginTest, findings, outcomes
from test_plugin import FAILS, FOUND, REPEAT, Plugin

ENVIRONMENTS = pathlib.Path(os.environ["HANDLEGUARD_TEST_ENVIRONMENTS"])
INTERPRETER = "/usr/bin/python3"


def make(folder, python, packages):
    """An interpreter may come without pip, and Debian's is too old for the newest: one that is newer does it for all, but not
    so new that it knows Python 3.9 no more."""
    installer = ENVIRONMENTS / "pip"
    if folder == installer:
        run = [[python, "-m", "venv", "--clear", folder], [folder / "bin/pip", "install", "-q", *packages]]
    else:
        environment("pip", "pip==25.*")
        run = [[python, "-m", "venv", "--clear", "--without-pip", folder],
               [installer / "bin/python", "-m", "pip", "--python", folder / "bin/python", "install", "-q", *packages]]
    for command in run:
        subprocess.run(command, check=True)


def environment(name, *packages, python=INTERPRETER):
    """The interpreter of one that has these packages."""
    folder = ENVIRONMENTS / name
    ready = folder / "ready"
    if not ready.exists():
        try:
            make(folder, python, packages)
        except subprocess.CalledProcessError:
            print(f"the packages cannot be had: {' '.join(packages)}", file=sys.stderr)
            os._exit(77)
        ready.touch()
    return folder / "bin/python"


def check_parallel(test):
    cases, result = test.cases("--parallel-threads=4", "test_found.py", "-k", "call or clean")
    test.assert_ends(result, 1)
    test.assertEqual({name: findings(case) for name, case in cases.items()},
                     {"test_clean": [], "test_call": [f"{REPEAT}, 4 times"]})


class Others(PluginTest):
    maxDiff = None

    def assert_found(self, cases, names):
        """Of the tests of test_found.py, these had their findings, and others none."""
        self.assertEqual({name: each for name, each in outcomes(cases).items() if each},
                         {name: FAILS[name] for name in names if name in FAILS})
        self.assertEqual({name: sorted(findings(case), reverse=True) for name, case in cases.items() if findings(case)},
                         {name: FOUND[name] for name in names})

    def test_xdist(self):
        self.python = environment("xdist", "pytest", "pytest-xdist")
        cases, result = self.cases("-n2", "--dist=loadfile", "--handleguard-gc", "test_found.py", "test_quiet.py",
                                   "--deselect=test_found.py::test_expected", "--deselect=test_quiet.py::test_fails",
                                   "--deselect=test_quiet.py::test_is_skipped")
        self.assert_ends(result, 1)
        self.assert_found(cases, [name for name in FOUND if name != "test_expected"])
        self.assertIn(", in test_found.py::test_leaves_thread\n", cases["test_lets_thread_go"].find("failure").text)
        self.assertNotRegex(cases["test_call"].find("failure").text, "xdist|execnet")
        self.assertRegex(result.stderr, r"\Ahandleguard: (\d+) findings in [23] recordings: \1 errors; \1 told by the runner")

    def test_forked(self):
        """It cannot do with pytest 9 so far."""
        self.python = environment("forked", "pytest<9", "pytest-forked")
        names = ["test_call", "test_parameter[1]", "test_parameter[2]", "test_setup", "test_teardown", "test_often[1]", "test_often[2]",
                 "test_method"]
        cases, result = self.cases("--forked", "test_found.py", "-k",
                                   "call or parameter or setup or teardown or method or clean or often")
        self.assert_ends(result, 1)
        self.assert_found(cases, names)
        self.assertRegex(result.stderr, r"\Ahandleguard: (\d+) findings in \d+ recordings: \1 errors; \1 told by the runner")

    def test_run_parallel(self):
        self.python = environment("run-parallel", "pytest", "pytest-run-parallel")
        check_parallel(self)

    def test_asyncio(self):
        self.python = environment("asyncio", "pytest", "pytest-asyncio")
        cases, result = self.cases("test_async.py")
        self.assert_ends(result, 1)
        self.assertEqual(outcomes(cases), {"test_clean": [], "test_coroutine": ["failure"], "test_thread": ["failure"]})
        self.assertIn(", in test_async.py::test_thread\n", cases["test_thread"].find("failure").text)

    def test_coverage(self):
        """It is whole: by its plugin, and where pytest is run by it."""
        self.python = environment("coverage", "pytest", "pytest-cov")
        result = self.pytest("--cov=test_outside", "test_outside.py")
        self.assertRegex(result.stdout, r"test_outside.py +\d+ +[12] +\d+%\n")  # what comes after the end is not counted
        self.assert_ends(result, 97)
        coverage = [self.python, "-m", "coverage"]
        result = self.run_program(*coverage, "run", "--source=.", "-m", "pytest", "-p", "no:cacheprovider",
                                  f"--handleguard={MANIFEST}", "test_found.py", "-k", "call")
        self.assert_ends(result, 1)
        self.assertIn("test_call - handleguard: repeat-free", result.stdout)
        told = self.run_program(*coverage, "report", "--include=gates.py").stdout
        self.assertRegex(told, r"gates.py +\d+ +\d+ +[5-9]\d%\n")

    def test_tox(self):
        """The environment that it makes has none of the variables that the preload takes."""
        self.python = environment("tox", "tox")
        (self.guests / "tox.ini").write_text(f"""[tox]
skipsdist = true
[testenv]
deps = pytest
set_env =
    PYTHONPATH = {self.environment["PYTHONPATH"]}
    LD_LIBRARY_PATH = {self.environment["LD_LIBRARY_PATH"]}
commands = python -m pytest --handleguard={MANIFEST} test_found.py -k call
""", encoding="utf-8")
        self.environment["HOME"] = os.environ["HOME"]  # where pip keeps what it has fetched
        result = self.run_program(self.python, "-m", "tox", "-e", "py")
        self.assert_ends(result, 1)
        self.assertIn("test_call - handleguard: repeat-free", result.stdout)
        self.assertIn("1 told by the runner of the tests", result.stdout + result.stderr)

    def test_earlier_pytest(self):
        self.python = environment("earlier", "pytest==7.2.*")
        self.assert_call_is_told()

    def assert_call_is_told(self):
        cases, result = self.cases("test_found.py", "-k", "call or clean")
        self.assert_ends(result, 1)
        self.assert_found(cases, ["test_call"])


class Interpreters(Plugin):
    """All that test_plugin.py asks, of the interpreters that there are."""

    def of_each(self, check):
        for python in os.environ.get("HANDLEGUARD_TEST_PYTHONS", "").split():
            name = re.sub(r"[^\w.]+", "-", python).strip("-")
            with self.subTest(python=python):
                self.python = environment(name, "pytest", "pytest-run-parallel", python=python)
                check()


    def test_run_parallel(self):
        self.of_each(lambda: check_parallel(self))


def for_each(test):
    return lambda self: self.of_each(lambda: test(self))


for name in [name for name in dir(Plugin) if name.startswith("test_")]:
    setattr(Interpreters, name, for_each(getattr(Plugin, name)))
del Plugin


if __name__ == "__main__":
    unittest.main()
