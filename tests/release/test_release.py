"""What scripts/release makes, used as its users do: the Go module by `go run` from a folder that a module proxy could serve, and the
package for npm, with `node --test` and with the workers of jest. HANDLEGUARD_TEST_DIST is the folder."""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tarfile
import unittest

import languages
import support

DIST = pathlib.Path(os.environ["HANDLEGUARD_TEST_DIST"])
MODULE = "handleguard.example/handleguard"
JEST, ZEROMQ = "jest@29.7.0", "zeromq@6.8.0"
MACHINES = {"x86_64": ("amd64", 62), "aarch64": ("arm64", 183)} # as Go, and as the heads of ELF files have it


def package():
    return next(iter(sorted(DIST.glob("handleguard-*.tgz"))), None)


class Release(languages.LanguageTest):
    maxDiff = None

    def run_there(self, folder, *command, status, **environment):
        result = subprocess.run([str(word) for word in command], cwd=folder, env=self.environment | environment,
                                capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout + result.stderr


class Go(Release):
    def setUp(self):
        super().setUp()
        self.environment |= {"GOPROXY": f"file://{DIST}/go", "GOSUMDB": "off", "GOFLAGS": "-mod=mod -modcacherw", "CGO_ENABLED": "1",
                             "GOMODCACHE": str(self.folder / "modules"), "XDG_CACHE_HOME": str(self.folder / "cache"),
                             "GOCACHE": os.environ.get("GOCACHE", str(pathlib.Path.home() / ".cache/go-build")),
                             "CGO_CFLAGS": f"-I{languages.INCLUDE}", "CGO_LDFLAGS": f"-L{languages.GATE} -lgate",
                             "LD_LIBRARY_PATH": str(languages.GATE)}

    def go_run(self, packages, status):
        version = (DIST / "go" / MODULE / "@v/list").read_text(encoding="utf-8").strip()
        return self.run_there(languages.HERE / "go" / packages, "go", "run", f"{MODULE}@{version}", "-m", languages.MANIFEST,
                              self.drain, "test", "./...", status=status)

    def test_green(self):
        """The second time nothing is unpacked."""
        for _ in range(2):
            self.assertIn("handleguard: 0 findings in 1 recording\n", self.go_run("packages", 0))
        cached, = (self.folder / "cache/handleguard/go").iterdir()
        self.assertTrue(os.access(cached / "handleguard/bin/handleguard", os.X_OK))

    def test_each_machine_has_its_wheel(self):
        version = (DIST / "go" / MODULE / "@v/list").read_text(encoding="utf-8").strip()
        for machine, (architecture, _) in MACHINES.items():
            self.run_there(self.folder, "go", "install", f"{MODULE}@{version}", status=0, GOARCH=architecture, CGO_ENABLED="0",
                           GOPATH=str(self.folder / architecture), GOMODCACHE=self.environment["GOMODCACHE"])
            program, = (path for path in (self.folder / architecture / "bin").rglob("handleguard") if path.is_file())
            wheel, = DIST.glob(f"handleguard-*_{machine}.whl")
            self.assertIn(wheel.read_bytes(), program.read_bytes())

    def test_found(self):
        said = self.go_run("tested", 1)
        self.assertIn("\n1. error: late-free of gate, gate_close against gate_wait\n   Test: tested.TestRace.func1;", said)
        self.assertEqual(said.count("exit status 1"), 1) # go's, of what it has run


class Npm(Release):
    def setUp(self):
        super().setUp()
        self.project = self.folder / "project"
        self.project.mkdir()
        (self.project / "package.json").write_text('{"name": "tested", "private": true}', encoding="utf-8")
        self.environment |= {"npm_config_cache": str(pathlib.Path.home() / ".npm"), "LD_LIBRARY_PATH": str(languages.GATE)}
        self.npm("install", "--no-audit", "--no-fund", "--silent", package())
        self.addon = self.project / "addon.node"
        self.build("cc", "-shared", "-fPIC", "-pthread", f"-I{languages.INCLUDE}", *self.node_headers(),
                   languages.HERE / "node/addon.c", f"-L{languages.GATE}", "-lgate", "-o", self.addon)

    def npm(self, *words):
        self.run_there(self.project, "npm", *words, status=0)

    def node_headers(self):
        node = pathlib.Path(shutil.which("node")).resolve()
        return [f"-I{folder}" for folder in (node.parent.parent / "include/node", "/usr/include/node") if pathlib.Path(folder).exists()]

    def write_test(self, name, head):
        """Of two tests the second has a race."""
        (self.project / name).write_text(head + """
const addon = require('./addon.node')

test('is right', () => addon.close(addon.open()))
test('closes what a thread waits for', async () => {
  const gate = addon.open()
  const waited = addon.wait(gate)
  addon.awaitParked(gate)
  addon.close(gate)
  addon.letGo(gate)
  await waited
})
""", encoding="utf-8")

    def assert_found(self, said):
        self.assertEqual(said.count("error: late-free of gate, gate_close against gate_wait"), 1, said)
        self.assertIn("\n   Test: race.test.js > closes what a thread waits for\n", said)

    def guarded(self, *command, status=97):
        return self.run_there(self.project, "npx", "--no-install", "handleguard", "run", "-m", languages.MANIFEST, self.drain, "--",
                              *command, status=status)

    def test_version(self):
        said = self.run_there(self.project, "npx", "--no-install", "handleguard", "--version", status=0)
        self.assertIn(json.loads((self.project / "node_modules/handleguard/package.json").read_text("utf-8"))["version"], said)

    def test_status(self):
        self.assertEqual(self.guarded("sh", "-c", "exit 5", status=5).count("NOTHING WAS COVERED"), 1)

    def test_signal(self):
        """It reaches the program, and the command ends as that has."""
        command = subprocess.Popen(["node_modules/.bin/handleguard", "run", "-m", languages.MANIFEST, "--", "sh", "-c",
                                    "echo ready; exec sleep 60"], cwd=self.project, env=self.environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(command.stdout.close)
        self.addCleanup(command.kill)
        self.assertEqual(command.stdout.readline(), "ready\n")
        command.terminate()
        self.assertEqual(command.wait(30), 128 + 15)

    def test_node_test(self):
        self.write_test("race.test.js", "const { test } = require('node:test')")
        said = self.guarded("node", "--require", "handleguard/node-test", "--test")
        self.assertRegex(said, r"pass 2\b")
        self.assert_found(said)

    def test_jest(self):
        """In two workers, as there are two files."""
        self.install_jest()
        self.write_test("race.test.js", "")
        said = self.guarded("node_modules/.bin/jest", "--maxWorkers=2")
        self.assertIn("Tests:       3 passed, 3 total", said)
        self.assert_found(said)

    def install_jest(self, *more):
        self.npm("install", "--no-audit", "--no-fund", "--silent", "--ignore-scripts", JEST, *more)
        description = json.loads((self.project / "package.json").read_text("utf-8"))
        description["jest"] = {"setupFilesAfterEnv": ["handleguard/jest"]}
        (self.project / "package.json").write_text(json.dumps(description), encoding="utf-8")
        (self.project / "other.test.js").write_text("test('nothing', () => {})\n", encoding="utf-8")

    def test_zeromq_under_jest(self):
        """A race of the binding's own: it closes the sockets of a proxy that still runs when the proxy's worker is terminated. Node
        then ends by a signal, with guards and without, and takes the worker of jest along."""
        self.install_jest(ZEROMQ)
        for name in ("zeromq.test.js", "proxy.mjs"):
            shutil.copy(pathlib.Path(__file__).parent / name, self.project)
        report = self.project / "report.json"
        self.run_there(self.project, "npx", "--no-install", "handleguard", "run", "-m", "libzmq", self.drain, "--format=json",
                       "--report", report, "--", "node_modules/.bin/jest", "--maxWorkers=2", status=1)
        finding, = json.loads(report.read_text(encoding="utf-8"))["findings"]
        self.assertEqual((finding["kind"], finding["function"]), ("late-free", "zmq_close"))
        sides = [finding["call"], *finding["in_flight"], finding["create"]]
        self.assertEqual({side["test"] for side in sides}, {"zeromq.test.js > terminates the worker of a proxy that runs"})

    def test_each_machine_has_its_program(self):
        with tarfile.open(package()) as archive:
            for machine, (_, number) in MACHINES.items():
                for part in ("bin/handleguard", "lib/libhandleguard.so.0", "lib/libunwind.so.8", "lib/handleguard.node"):
                    head = archive.extractfile(f"package/tree/{machine}/handleguard/{part}").read(20)
                    self.assertEqual((head[:4], struct.unpack_from("<H", head, 18)), (b"\x7fELF", (number,)), part)


if __name__ == "__main__":
    if not (DIST / "go").exists() or not package() or not shutil.which("go") or not shutil.which("npm"):
        print("skipped: scripts/release has not made what is tried here, or Go or npm is not installed")
        sys.exit(77)
    unittest.main()
