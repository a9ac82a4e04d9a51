"""A race is known by the same fingerprint when the program is built anew, in another way or another place."""
import json
import os
import shutil
import subprocess
import sys
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


CPP = """#include <functional>
#include <memory>
#include <thread>
extern "C" {
#include "net.h"
}

%s
struct closer {
	void operator()(net *handle) const { net_close(handle); asm volatile(""); }
};

static void twice(net *handle)
{
	std::unique_ptr<net, closer> owner(handle);
	std::function<void(net *)> again = [](net *other) { net_close(other); asm volatile(""); };
	again(handle);
	asm volatile("");
}

int main()
{
	std::thread(twice, net_open()).join();
	return 0;
}
"""
RUST = """#[link(name = "net")]
extern "C" {
    fn net_open() -> *mut u8;
    fn net_close(net: *mut u8);
}

%s
struct Net(*mut u8);
unsafe impl Send for Net {}

impl Drop for Net {
    fn drop(&mut self) { unsafe { net_close(self.0); std::arch::asm!("nop") } }
}

fn twice(net: Net) {
    Box::new(move || unsafe { net_close(net.0); std::arch::asm!("nop") })()
}

fn main() {
    let net = Net(unsafe { net_open() });
    std::thread::spawn(move || { twice(net); unsafe { std::arch::asm!("nop") } }).join().unwrap();
}
"""
PYTHON = """import ctypes

%s
net = ctypes.CDLL("libnet.so")
net.net_open.restype = ctypes.c_void_p
net.net_close.argtypes = [ctypes.c_void_p]


def twice():
    handle = net.net_open()
    net.net_close(handle)
    net.net_close(handle)
"""
RUNNERS = {
    "alone.py": "import twice\ntwice.twice()\n",
    "tested.py": "import unittest\nimport twice\nunittest.FunctionTestCase(twice.twice).run()\n",
}


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


class OfOtherLanguages(NamesTest):
    """What a language's library and a test runner have on the stack is not part of it."""

    def fingerprint(self, *command):
        report = self.folder / "report.json"
        self.handleguard("run", "-m", MANIFEST, "--report", f"json:{report}", "--fail-on=error", "--", *command,
                         env={"LD_LIBRARY_PATH": self.app})
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
        finding, = [finding for finding in findings if finding["kind"] == "repeat-free"]
        return finding["fingerprint"]

    def of_build(self, name, text, *compiler):
        (self.folder / name).write_text(text, encoding="utf-8")
        subprocess.run([*compiler, "-g", "-o", self.app / "compiled", self.folder / name, f"-L{self.app}"], check=True)
        return self.fingerprint(self.app / "compiled")

    def test_cpp(self):
        compiler = ("g++", f"-I{HERE}", "-pthread", "-x", "c++")
        library = "-Wl,--no-as-needed,-lnet"
        first = self.of_build("a.cc", CPP % "", *compiler, library, "-O0")
        self.assertEqual(self.of_build("a.cc", CPP % "static int added() { return 1; }\nint other = added();", *compiler, library, "-O2"), first)
        if shutil.which("clang++"):
            self.assertEqual(self.of_build("a.cc", CPP % "", "clang++", *compiler[1:], library, "-O2"), first)
        self.assertNotEqual(self.of_build("a.cc", (CPP % "").replace("twice", "both"), *compiler, library), first)

    @unittest.skipUnless(shutil.which("rustc"), "no Rust")
    def test_rust(self):
        first = self.of_build("a.rs", RUST % "", "rustc")
        self.assertEqual(self.of_build("a.rs", RUST % "#[allow(dead_code)]\nfn added() -> i32 { 1 }\n", "rustc", "-O"), first)
        self.assertNotEqual(self.of_build("a.rs", (RUST % "").replace("twice", "both"), "rustc", "-O"), first)

    def of_python(self, runner, above=""):
        (self.folder / "twice.py").write_text(PYTHON % above, encoding="utf-8")
        (self.folder / runner).write_text(RUNNERS[runner], encoding="utf-8")
        return self.fingerprint(sys.executable, self.folder / runner)

    def test_python(self):
        self.assertEqual(self.of_python("alone.py", "def added():\n    pass\n"), self.of_python("alone.py"))

    def test_python_test_runner(self):
        self.assertEqual(self.of_python("tested.py"), self.of_python("alone.py"))


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
