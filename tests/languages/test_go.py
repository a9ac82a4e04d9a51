"""Go programs that use cgo: a stream whose context is cancelled, one that is finalized in the middle of a call, one whose
C function to close it is a callback; and a Go module whose packages are tested one by one, with and without cgo."""
import os
import re
import subprocess
import unittest

import languages
import support


class Go(languages.LanguageTest):
    FLAGS = {"GOFLAGS": "-mod=mod", "CGO_ENABLED": "1", "CGO_CFLAGS": f"-I{languages.INCLUDE}",
             "CGO_LDFLAGS": f"-L{languages.GATE} -lgate"}

    def compile(self, name):
        program = self.folder / name
        self.build("go", "build", "-o", program, languages.HERE / "go" / f"{name}.go", **self.FLAGS)
        return program

    def test_context_is_cancelled_while_a_goroutine_receives(self):
        self.assert_late_free(self.compile("cancel"))

    def test_finalizer_runs_while_a_goroutine_receives(self):
        self.assert_late_free(self.compile("finalizer"))

    def test_close_is_handed_to_the_library_as_a_callback(self):
        self.assert_late_free(self.compile("callback"))

    def test_close_is_the_callback_of_an_op_on_the_same_gate(self):
        self.assertEqual(self.findings(self.compile("callback"), "itself"),
                         [("reentrant-free", "gate_close", ["gate_call"])])

    def test_finalizer_is_provoked_to_run_meanwhile(self):
        # Stripped: the collector's variable has no name there. Two others have the same value.
        program = self.folder / "hunted"
        self.build("go", "build", "-ldflags=-s -w", "-o", program, languages.HERE / "go/hunted.go", **self.FLAGS)
        self.environment["LD_LIBRARY_PATH"] = str(languages.GATE)

        def kinds(way, *options):
            _, told = self.report("-m", languages.MANIFEST, "--provoke", *options, "--", program, way)
            return {finding["kind"] for finding in told["findings"] if finding["level"] == "error"}

        learned = f"--learn={self.folder}/learned"
        self.assertTrue(any(kinds("bad", learned) & {"late-op", "late-free"} for _ in range(8)))
        self.assertEqual(kinds("fixed"), set())
        self.assertEqual(kinds("bad", "--provoke-gc=off"), set())

    def test_packages_with_static_test_binaries_pass_unguarded(self):
        # go test -exec: the package without cgo has a static test binary, the other one is guarded.
        report = self.folder / "report.txt"
        guard = f"{support.PROGRAM} run -m {languages.MANIFEST} --report {report} --"
        result = subprocess.run(["go", "test", "-count=1", "-v", "-exec", guard, "./..."], capture_output=True, text=True,
                                check=False, cwd=languages.HERE / "go/packages",
                                env=os.environ | self.FLAGS | {"LD_LIBRARY_PATH": str(languages.GATE)})
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 0, said)
        self.assertRegex(said, r"(?m)^ok\s+packages/guarded\s")
        self.assertRegex(said, r"(?m)^ok\s+packages/pure\s")
        self.assertEqual(len(re.findall(r"is statically linked, .* and it runs unguarded", said)), 1, said)
        self.assertEqual(said.count("NOTHING WAS COVERED"), 0, said)


    def setUp(self):
        super().setUp()
        self.environment["LD_LIBRARY_PATH"] = str(languages.GATE)

    def test_what_is_left_at_the_end_is_a_leak(self):
        program = self.compile("leak")
        for way in "return", "exit":
            with self.subTest(way=way):
                status, told = self.report("-m", languages.MANIFEST, "--", program, way)
                self.assertEqual(status, 0)
                leak, = told["findings"]
                self.assertEqual((leak["kind"], leak["class"], leak["count"], leak["example"]),
                                 ("leak", "gate", 2, True))
                self.assertEqual(leak["create"]["function"], "gate_open")
                functions = [frame["function"] for frame in leak["create"]["stack"]]
                self.assertTrue(functions[0].endswith("_Cfunc_gate_open"), functions)
                self.assertIn("was still live when the process ended", leak["story"])
                self.assertNotIn("exit handlers", told["recordings"][0]["ended"]["text"])

    def test_what_is_live_when_it_crashes_is_no_leak(self):
        _, told = self.report("-m", languages.MANIFEST, "--", self.compile("leak"), "kill")
        self.assertEqual(told["findings"], [])


if __name__ == "__main__":
    unittest.main()
