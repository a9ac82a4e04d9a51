"""A race is known by the same fingerprint when the program is built anew, in another way or another place."""
import json
import os
import subprocess
import unittest

from names import HERE, MANIFEST, NamesTest
from support import PROGRAM

SOURCE = (HERE / "program.c").read_text(encoding="utf-8")
GO = """package courier

// #include "net.h"
import "C"

%s
func Twice(net *C.struct_net) {
	C.net_close(net)
	C.net_close(net)
}

func Run() { Twice(C.net_open()) }
"""
GO_TEST = """package courier

import "testing"

func TestTwice(t *testing.T) { Run() }
"""


class Fingerprints(NamesTest):
    def fingerprint(self, *options, run=()):
        """Of the only finding of the program as it is now built."""
        report = self.folder / "report.json"
        self.handleguard("run", "-m", MANIFEST, "--report", f"json:{report}", *run, "--", self.app / "program", "twice")
        finding, = json.loads(report.read_text(encoding="utf-8"))["findings"]
        return finding["fingerprint"]

    def build_text(self, text, *options):
        source = self.folder / "program.c"
        source.write_text(text, encoding="utf-8")
        self.compile("-g", *options, f"-I{HERE}", "-o", self.app / "program", source, "-L", self.app, "-lnet",
                     "-Wl,-rpath,$ORIGIN")

    def test_of_other_builds(self):
        first = self.fingerprint()
        for options in ("-O0",), ("-O1",), ("-O3",), ("-O2", "-flto"), ("-Os",):
            self.build(*options)
            self.assertEqual(self.fingerprint(), first, options)
        self.build_text(SOURCE, "-no-pie")
        self.assertEqual(self.fingerprint(), first)

    def test_of_another_folder(self):
        first = self.fingerprint()
        self.app.rename(self.folder / "elsewhere")
        self.app = self.folder / "elsewhere"
        self.assertEqual(self.fingerprint(), first)

    def test_of_a_stripped_program_with_its_debugging_information(self):
        first = self.fingerprint()
        debug = self.separate(self.app / "program")
        run = self.record("twice")
        result = self.handleguard("report", "--format=json", "--debug-dir", debug, run)
        finding, = json.loads(result.stdout)["findings"]
        self.assertEqual(finding["fingerprint"], first)

    def test_of_lines_and_functions_inserted_above(self):
        first = self.fingerprint()
        self.build_text(SOURCE.replace("static inline", "\n\nint added(int by);\nint added(int by)\n{\n\treturn by + 1;\n}\n\nstatic inline", 1))
        self.assertEqual(self.fingerprint(), first)

    def test_of_another_function(self):
        first = self.fingerprint()
        self.build_text(SOURCE.replace("close_both", "close_all"))
        self.assertNotEqual(self.fingerprint(), first)

    def test_of_another_kind(self):
        first = self.fingerprint()
        self.build_text(SOURCE.replace("	net_close(net);\n	__asm__", "	net_peek(net);\n	__asm__"))
        self.assertNotEqual(self.fingerprint(), first)


class OfGo(NamesTest):
    def fingerprint(self, folder, above, *flags):
        module = self.folder / folder
        module.mkdir()
        for name, text in ("go.mod", "module courier\n\ngo 1.19\n"), ("net.go", GO % above), ("net_test.go", GO_TEST):
            (module / name).write_text(text, encoding="utf-8")
        report = module / "report.json"
        environment = os.environ | {"CGO_CFLAGS": f"-g -I{HERE}", "GOFLAGS": "-mod=mod",
                                    "CGO_LDFLAGS": f"-L{self.app} -lnet -Wl,-rpath,{self.app}"}
        subprocess.run(["go", "test", *flags, "-exec", f"{PROGRAM} run -m {MANIFEST} --report json:{report} --", "./..."],
                       cwd=module, env=environment, capture_output=True, check=False)
        finding, = json.loads(report.read_text(encoding="utf-8"))["findings"]
        return finding["fingerprint"]

    def test_of_other_builds(self):
        first = self.fingerprint("one", "")
        self.assertEqual(self.fingerprint("two", "", "-trimpath"), first)
        self.assertEqual(self.fingerprint("three", "func added() int { return 1 }\n\nvar _ = added\n"), first)
        self.assertEqual(self.fingerprint("four", "", "-gcflags=all=-N -l"), first)


if __name__ == "__main__":
    unittest.main()
