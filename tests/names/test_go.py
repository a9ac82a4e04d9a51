"""`go test` removes the program that it has built: the names of its C side are in the recordings."""
import os
import subprocess
import unittest

from names import HERE, MANIFEST, NamesTest
from support import PROGRAM

TEST = """package courier

import "testing"

func TestTwice(t *testing.T) { Twice() }
"""
PACKAGE = """package courier

// #include "net.h"
// static void again(struct net *net) { net_close(net); __asm__ volatile(""); }
import "C"

func Twice() {
	net := C.net_open()
	C.net_close(net)
	C.again(net)
}
"""


class GoTest(NamesTest):
    def test_program_is_gone(self):
        module = self.folder / "module"
        module.mkdir()
        for name, text in (("go.mod", "module courier\n\ngo 1.19\n"), ("net.go", PACKAGE), ("net_test.go", TEST)):
            (module / name).write_text(text, encoding="utf-8")
        output, text = self.folder / "recordings", self.folder / "report.txt"
        environment = os.environ | {"CGO_CFLAGS": f"-g -I{HERE}", "GOFLAGS": "-mod=mod",
                                    "CGO_LDFLAGS": f"-L{self.app} -lnet -Wl,-rpath,{self.app}"}
        result = subprocess.run(["go", "test", "-ldflags=-s=false -w=false", "-exec", f"{PROGRAM} run -m {MANIFEST} --output {output} --report {text} --full --",
                                 "./..."], cwd=module, env=environment, capture_output=True, text=True, check=False)
        self.assertTrue(text.exists(), result.stdout + result.stderr)
        here = text.read_text(encoding="utf-8")
        self.assertIn("  #0  again at ", here)
        run, = output.iterdir()
        self.app.rename(self.elsewhere)
        self.assertEqual(self.told(run, "--full"), self.without_names(here))


unittest.main()
