"""Real packages that have their library linked in: it is exported there (lxml and pynacl, from PyPI, zeromq, from npm), or hidden
in the program (the default build of go-sqlite3, from the module proxy). What is correct does as without guards, and is counted."""
import json
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
NACL = "pynacl==1.6.2"
ZEROMQ = "zeromq@6.8.0"
SQLITE = "github.com/mattn/go-sqlite3@v1.14.53"


class PythonTest(CommandLineTest):
    """With an environment that the package is installed in."""
    packages = ()

    def setUp(self):
        super().setUp()
        environment = self.folder / "environment"
        subprocess.run(["/usr/bin/python3", "-m", "venv", environment], check=True, capture_output=True)
        self.python = environment / "bin/python"
        self.pip("install", "--quiet", "--only-binary=:all:", *self.packages)

    def pip(self, *arguments):
        subprocess.run([self.python, "-m", "pip", *arguments], check=True, capture_output=True,
                       env=self.environment | {"HOME": os.environ["HOME"]})


class Lxml(PythonTest):
    packages = (LXML,)

    def setUp(self):
        super().setUp()
        self.command = [self.python, HERE / "documents.py"]

    @staticmethod
    def told(report):
        """Without the path that lxml compiles as it is loaded, and keeps."""
        return [(told["kind"], told["function"]) for told in report["findings"]
                if (told["kind"], told["class"]) not in (("leak", "expression"), ("leak", "xpath"))]

    def test_documents_and_parsers_are_counted(self):
        status, report = self.report("-m", "libxml2", "--require-coverage", "--", *self.command)
        self.assertEqual((status, self.told(report)), (0, []))
        (recording,) = report["recordings"]
        counts = {handles["class"]: handles for handles in recording["handles"]}
        for name, least in (("doc", 500), ("parser", 200)):
            self.assertGreaterEqual(counts[name]["created"], least)
            self.assertEqual((counts[name]["adopted"], counts[name]["freed"]), (0, counts[name]["created"]))

    def test_a_late_use_is_told(self):
        status, report = self.report("-m", "libxml2", "--", *self.command, "late")
        self.assertEqual((status, self.told(report)), (97, [("late-op", "xmlParseChunk")]))


class LxmlTests(PythonTest):
    """lxml's own tests, which are in the package of its sources: beside them is put what was built of these."""
    packages = (LXML, "setuptools", "wheel")

    def setUp(self):
        super().setUp()
        built, = self.folder.glob("environment/lib/*/site-packages/lxml")
        version, = self.folder.glob("environment/lib/*/site-packages/lxml-*.dist-info")
        self.pip("download", "--quiet", "--no-deps", "--no-build-isolation", "--no-binary=:all:", "--dest", self.folder,
                 version.name.removesuffix(".dist-info").replace("-", "=="))
        source, = self.folder.glob("lxml-*.tar.gz")
        shutil.unpack_archive(source, self.folder)
        self.sources = next(self.folder.glob("lxml-*/src"))
        shutil.copytree(built, self.sources / "lxml", dirs_exist_ok=True)

    def test_the_results_are_the_same_and_nothing_but_notes_is_told(self):
        """Of leaks, and of documents whose creates are inside the library."""
        command, report = [self.python, HERE / "lxml_tests.py"], self.folder / "report.json"
        plain = subprocess.run(command, env=self.environment | {"PYTHONPATH": str(self.sources)}, cwd=self.folder,
                               capture_output=True, text=True, check=True, timeout=400).stdout
        result = self.handleguard("run", "-m", "libxml2", "--require-coverage", "--format=json", "--report", report, "--", *command,
                                  env={"PYTHONPATH": str(self.sources)}, cwd=self.folder)
        ended = [re.findall("^ended: .*$", said, re.M) for said in (plain, result.stdout)]
        self.assertGreater(len(ended[0]), 1500)
        self.assertEqual(ended[1], ended[0])
        told = json.loads(report.read_text(encoding="utf-8"))
        self.assertEqual({(finding["kind"], finding["level"]) for finding in told["findings"] if finding["kind"] != "leak"},
                         {("freed-again", "note")})
        documents = [each for each in told["recordings"][0]["handles"] if each["class"] == "doc"]
        self.assertGreater(sum(each["created"] for each in documents), 3000)
        self.assertEqual([each["live"] for each in documents], [0] * len(documents))


# How often the binding itself says that it calls: what stands in front of its functions counts.
COUNT = """
import collections, json, os, sys
import nacl.bindings, pytest
class Counted:
    def __init__(self, real): self.__dict__.update(real=real, counts=collections.Counter())
    def __getattr__(self, name):
        value = getattr(self.real, name)
        if not callable(value): return value
        def call(*arguments):
            self.counts[name] += 1
            return value(*arguments)
        return call
counted = Counted(sys.modules["nacl._sodium"].lib)
for name, module in list(sys.modules.items()):
    if name.startswith("nacl.bindings") and hasattr(module, "lib"): module.lib = counted
status = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:randomly", *sys.argv[2:]])
json.dump(counted.counts, open(sys.argv[1], "w"))
sys.exit(status)
"""


class Nacl(PythonTest):
    packages = (NACL, "pytest", "hypothesis")

    def setUp(self):
        super().setUp()
        self.pip("download", "--quiet", "--no-deps", "--no-binary=:all:", "--dest", self.folder, NACL)
        source, = self.folder.glob("pynacl-*.tar.gz")
        shutil.unpack_archive(source, self.folder)
        tests = next(self.folder.glob("pynacl-*/tests"))
        self.command = [self.python, "-c", COUNT, self.folder / "counts.json",
                        *(tests / f"test_{name}.py" for name in ("generichash", "secretstream", "signing"))]

    def test_its_own_tests_and_every_call_that_they_make(self):
        """Some of their data is drawn by lot; how many there are is not."""
        plain = subprocess.run(self.command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True,
                               timeout=400).stdout
        report = self.folder / "report.json"
        result = self.handleguard("run", "-m", HERE / "libsodium.yaml", "--require-coverage", "--format=json", "--report", report, "--",
                                  *self.command, cwd=self.folder)
        passed = [re.search(r"\d+ passed(, \d+ skipped)?", said)[0] for said in (plain, result.stdout)]
        self.assertEqual(passed[0], passed[1])
        self.assertEqual(result.returncode, 0, result.stderr)
        told = json.loads(report.read_text(encoding="utf-8"))
        self.assertEqual([finding["kind"] for finding in told["findings"] if finding["level"] != "note"], [])
        counted = json.loads((self.folder / "counts.json").read_text(encoding="utf-8"))
        calls = {each["function"]: each["calls"] for each in told["recordings"][0]["coverage"]}
        self.assertEqual(calls, {name: counted.get(name, 0) for name in calls})
        self.assertGreater(calls["crypto_generichash_blake2b_update"], 1000)


@unittest.skipUnless(shutil.which("npm"), "there is no npm")
class Zeromq(CommandLineTest):
    def setUp(self):
        super().setUp()
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", ZEROMQ], cwd=self.folder,
                       check=True, capture_output=True)
        self.programs = {name: shutil.copy(HERE / f"{name}.mjs", self.folder) for name in ("consumer", "worker")}

    def test_a_consumer_that_closes_under_load_is_counted(self):
        command = ["node", self.programs["consumer"], "100", "300"]
        plain = subprocess.run(command, capture_output=True, text=True, check=True, timeout=200).stdout
        report = self.folder / "report.json"
        result = self.handleguard("run", "-m", "libzmq", "--require-coverage", "--format=json", "--report", report, "--", *command)
        told = json.loads(report.read_text(encoding="utf-8"))
        self.assertEqual((result.returncode, told["findings"], result.stdout), (0, [], plain), result.stderr)
        recording, = told["recordings"]
        counts = {each["class"]: (each["created"], each["adopted"], each["freed"]) for each in recording["handles"]}
        self.assertEqual((counts["socket"], counts["context"]), ((200, 0, 200), (1, 0, 1)))
        calls = {each["function"]: each["calls"] for each in recording["coverage"]}
        self.assertGreaterEqual(calls["zmq_msg_recv"], 2 * 100 * 300)

    def test_sockets_that_are_closed_under_their_proxy_are_told(self):
        """The program itself ends by a signal, with guards and without."""
        _, report = self.report("-m", "libzmq", "--", "node", self.programs["worker"])
        told = {(finding["kind"], finding["function"], *(op["function"] for op in finding["in_flight"]))
                for finding in report["findings"]}
        self.assertEqual(told, {("late-free", "zmq_close", "zmq_proxy_steerable")})


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
