"""What scripts/release makes, used as its users do: the Go module by `go run` from a folder that a module proxy could serve, and the
package for npm, with `node --test` and with the workers of jest. HANDLEGUARD_TEST_DIST is the folder."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import languages
import support

DIST = pathlib.Path(os.environ["HANDLEGUARD_TEST_DIST"])
MODULE = "handleguard.example/handleguard"
JEST = "jest@29.7.0"


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
        """Of three tests the second has a race."""
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
        said = self.guarded("node", "--test")
        self.assertRegex(said, r"pass 2\b")
        self.assert_found(said)

    def test_jest(self):
        """In two workers, as there are two files."""
        self.npm("install", "--no-audit", "--no-fund", "--silent", JEST)
        self.write_test("race.test.js", "")
        (self.project / "other.test.js").write_text("test('nothing', () => {})\n", encoding="utf-8")
        said = self.guarded("node_modules/.bin/jest", "--workers=2")
        self.assertIn("Tests:       3 passed, 3 total", said)
        self.assert_found(said)


if __name__ == "__main__":
    if not (DIST / "go").exists() or not package() or not shutil.which("go") or not shutil.which("npm"):
        print("skipped: scripts/release has not made what is tried here, or Go or npm is not installed")
        sys.exit(77)
    unittest.main()
