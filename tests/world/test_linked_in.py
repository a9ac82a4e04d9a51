"""Real packages that have their library linked in: it is exported there (lxml, from PyPI), or hidden in the program (the
default build of go-sqlite3, from the module proxy). What is correct does as without guards, and is counted."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from support import CommandLineTest, PROGRAM

HERE = pathlib.Path(__file__).resolve().parent / "linked_in"
LXML = "lxml==6.*"
SQLITE = "github.com/mattn/go-sqlite3@v1.14.53"


class Lxml(CommandLineTest):
    def setUp(self):
        super().setUp()
        environment = self.folder / "environment"
        subprocess.run(["/usr/bin/python3", "-m", "venv", environment], check=True, capture_output=True)
        subprocess.run([environment / "bin/pip", "install", "--quiet", "--only-binary=:all:", LXML], check=True, capture_output=True,
                       env=self.environment | {"HOME": os.environ["HOME"]})
        self.command = [environment / "bin/python", HERE / "documents.py"]

    def test_documents_and_parsers_are_counted(self):
        status, report = self.report("-m", HERE / "libxml2.yaml", "--require-coverage", "--", *self.command)
        self.assertEqual((status, report["findings"]), (0, []))
        (recording,) = report["recordings"]
        counts = {handles["class"]: handles for handles in recording["handles"]}
        for name, least in (("document", 1000), ("parser", 200)):
            self.assertGreaterEqual(counts[name]["created"], least)
            self.assertEqual((counts[name]["adopted"], counts[name]["freed"]), (0, counts[name]["created"]))

    def test_a_late_use_is_told(self):
        status, report = self.report("-m", HERE / "libxml2.yaml", "--", *self.command, "late")
        self.assertEqual((status, [(told["kind"], told["function"]) for told in report["findings"]]),
                         (97, [("late-op", "xmlDocGetRootElement")]))


@unittest.skipUnless(shutil.which("go") and os.uname().machine == "x86_64", "there is no go, or no x86-64")
class GoSqlite3(CommandLineTest):
    """Its own tests."""

    def setUp(self):
        super().setUp()
        kept = {name: subprocess.run(["go", "env", name], capture_output=True, text=True, check=True).stdout.strip()
                for name in ("GOCACHE", "GOMODCACHE", "GOPROXY", "GONOSUMDB", "GOSUMDB", "GOFLAGS")}
        self.go = self.environment | kept | {"CGO_ENABLED": "1"}
        subprocess.run(["go", "mod", "download", SQLITE], env=self.go, cwd=self.folder, check=True, capture_output=True)
        self.module = self.folder / "go-sqlite3"
        shutil.copytree(pathlib.Path(kept["GOMODCACHE"]) / SQLITE, self.module)
        for path in [self.module, *self.module.rglob("*")]:
            path.chmod(0o755)

    def results(self, *command):
        result = subprocess.run([*command, "test", "-count=1", "-v", "."], cwd=self.module, env=self.go, capture_output=True,
                                text=True, check=False, timeout=800)
        return sorted(re.findall(r"^ *--- (\w+): (\S+)", result.stdout, re.M)), result.stderr + result.stdout

    def test_the_same_results_and_nothing_but_leaks(self):
        plain, _ = self.results("go")
        guarded, told = self.results(PROGRAM, "go", "-m", "sqlite3", "--require-coverage", "--report=json:" + str(self.folder / "told"))
        self.assertGreater(len(plain), 80)
        self.assertEqual(guarded, plain, told)
        self.assertNotRegex(told, r"\d errors?|\d warnings?")


if __name__ == "__main__":
    if subprocess.run(["/usr/bin/python3", "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        print("skipped: python3-venv is not installed (scripts/test-world)")
        sys.exit(77)
    unittest.main()
