"""`handleguard go test`: with what `go test` takes, on packages with and without cgo. HANDLEGUARD_TEST_GOTESTSUM is the
release of gotestsum to run it by; without it that is left out, and what takes further builds."""
import json
import os
import subprocess
import unittest

import languages
import support

PACKAGES = languages.HERE / "go/packages"
TESTED = languages.HERE / "go/tested"
WATCHED = languages.HERE / "go/watched"
CACHE = subprocess.run(["go", "env", "GOCACHE", "GOMODCACHE"], capture_output=True, text=True, check=True).stdout.split()
NO_CACHE = "handleguard go: all tests are run; no result is taken from Go's cache\n"


OF_WORLD = unittest.skipUnless("HANDLEGUARD_TEST_GOTESTSUM" in os.environ, "it is for scripts/test-world")


class GoTest(languages.LanguageTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.environment |= {"GOFLAGS": "-mod=mod", "CGO_ENABLED": "1", "CGO_CFLAGS": f"-I{languages.INCLUDE}",
                             "CGO_LDFLAGS": f"-L{languages.GATE} -lgate", "LD_LIBRARY_PATH": str(languages.GATE),
                             "GOCACHE": CACHE[0], "GOMODCACHE": CACHE[1]}

    def go(self, folder, *arguments, options=()):
        return self.handleguard("go", "-m", languages.MANIFEST, self.drain, *options, *arguments, cwd=folder)

    def test_green(self):
        """Also where a package has no cgo; each time all tests are run."""
        for _ in range(2):
            self.check_green("./...")

    @OF_WORLD
    def test_green_with_race_detector(self):
        self.check_green("-race", "-run=Open", "-count=1", "./guarded")

    def check_green(self, *arguments):
        result = self.go(PACKAGES, "test", *arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stderr, NO_CACHE + "handleguard: 0 findings in 1 recording\n")
        self.assertRegex(result.stdout, r"\Aok  \tpackages/guarded\t\d")
        self.assertNotIn("cached", result.stdout)
        self.assert_leaves_nothing()

    def test_found(self):
        """Told with the output of the package, which fails, and in the report on all; each line stays one of Go's."""
        report, kept = self.folder / "report.json", self.folder / "kept"
        result = self.go(TESTED, "test", "-json", "-cover", "-count=2", "./...",
                         options=("--output", kept, f"--report=json:{report}"))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        events = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(events[-1]["Action"], "fail")
        said = "".join(event.get("Output", "") for event in events)
        self.assertIn("\n1. error: late-free of gate, gate_close against gate_wait\n   Test: tested.TestRace.func1;", said)
        told = json.loads(report.read_text(encoding="utf-8"))
        finding, = told["findings"]
        self.assertEqual((finding["count"], finding["call"]["test"], len(told["recordings"])), (2, "tested.TestRace.func1", 1))
        folder, = kept.iterdir()
        self.assertEqual(result.stderr, NO_CACHE + f"handleguard: 1 finding in 1 recording: 1 error; report in {report}\n"
                                                   f"handleguard go: the recordings are in {folder}\n")

    @OF_WORLD
    def test_accepted(self):
        """By a file that is named from where `handleguard go` is run."""
        policy = self.folder / "races.yaml"
        policy.write_text("handleguard: 1\nsuppressions:\n  - {kind: late-free, reason: known}\n", encoding="utf-8")
        result = self.go(TESTED, "test", "./...", options=(f"--suppressions={os.path.relpath(policy, TESTED)}",))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("handleguard: 1 finding in 1 recording; 1 accepted\n", result.stderr)

    @OF_WORLD
    def test_symbols_are_kept_beside_the_users_own_flags(self):
        program = self.folder / "tested.test"
        for number, (flag, variable) in enumerate([("-ldflags", None), (None, "'-ldflags=-s -w {}'"), (None, "-ldflags={}")]):
            words = f"-X=packages/guarded.Word=word{number}"
            if variable:
                self.environment["GOFLAGS"] = f"-mod=mod {variable.format(words)}"
            result = self.go(PACKAGES, "test", f"-o={program}", *([flag, words] if flag else []), "./guarded")
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertIn(f"word{number}".encode(), program.read_bytes())
            symbols = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
            self.assertTrue(" testing.tRunner\n" in symbols)

    @OF_WORLD
    def test_one_test_is_hunted(self):
        """Until a run whose calls are held back tells its race, by the test's name."""
        hunt = "--provoke", f"--learn={self.folder}/learned"
        runs = (self.go(WATCHED, "test", "-run=TestUse", "-count=10", ".", options=hunt) for _ in range(5))
        result = next((result for result in runs if result.returncode), None)
        self.assertIsNotNone(result)
        self.assertRegex(result.stdout, r"1\. error: late-(op|free) of gate, .*\n   Test: watched\.TestUse;? ?")
        self.assertIn("This was provoked:", result.stdout)
        self.assertRegex(result.stderr, r"(?m)^handleguard go: .* near miss.*; .*learned knows \d+$")

    def test_refused(self):
        self.assert_fails(self.go(PACKAGES, "build"), 125, "handleguard go: go build is not run under guards; go test is, as in "
                          "handleguard go -m MANIFEST test ./...")
        self.assert_fails(self.go(PACKAGES, "test", "-exec", "env", "./..."), 125, "handleguard go: -exec is how the test binaries "
                          "come under guards; put the other command before handleguard, or handleguard run into it")
        self.assertRegex(self.handleguard("go", "-m", "nowhere", "test").stderr, "\\Ahandleguard: no manifest 'nowhere' ")

    def test_nothing_covered(self):
        result = self.go(PACKAGES, "test", "./pure")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stderr, NO_CACHE + "handleguard go: NOTHING WAS COVERED: no test binary was seen to call a guarded "
                         "function\n")
        self.assertEqual(self.go(PACKAGES, "test", "./pure", options=("--require-coverage",)).returncode, 125)

    @OF_WORLD
    def test_gotestsum(self):
        tool = f"gotest.tools/gotestsum@{os.environ['HANDLEGUARD_TEST_GOTESTSUM']}"
        junit = self.folder / "junit.xml"
        result = subprocess.run(["go", "run", tool, f"--junitfile={junit}", "--raw-command", "--", support.PROGRAM, "go", "-m",
                                 languages.MANIFEST, self.drain, "test", "-json", "./..."], cwd=TESTED, env=self.environment,
                                capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("error: late-free of gate", junit.read_text(encoding="utf-8"))
        self.assertRegex(result.stdout + result.stderr, r"DONE 2 tests, 1 failure")


if __name__ == "__main__":
    unittest.main()
