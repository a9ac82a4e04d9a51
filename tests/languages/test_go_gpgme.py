"""A public bug, unmodified: the Go binding of GPGME whose finalizer released data that an import was still reading. What must
be told is the line of the test, the finalizer, and the mend; of the version that put it right, nothing."""
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

import support

HERE = pathlib.Path(__file__).resolve().parent / "go/gpgme"
BINDING = "github.com/proglottis/gpgme"
MOST_RUNS = 5  # the collector need not come in time


class GpgmeTest(support.CommandLineTest):
    def module(self, version):
        folder = self.folder / version
        shutil.copytree(HERE, folder)
        subprocess.run(["go", "get", f"{BINDING}@{version}"], cwd=folder, env=self.go, check=True, capture_output=True)
        return folder

    def setUp(self):
        super().setUp()
        (self.folder / "keys").mkdir(mode=0o700)
        kept = {name: subprocess.run(["go", "env", name], capture_output=True, text=True, check=True).stdout.strip()
                for name in ("GOCACHE", "GOMODCACHE", "GOPROXY", "GONOSUMDB", "GOSUMDB", "GOFLAGS")}
        self.go = self.environment | kept | {"GNUPGHOME": str(self.folder / "keys"), "CGO_ENABLED": "1"}

    def races(self, folder):
        report = folder / "report.json"
        guard = f"{support.PROGRAM} run -m {HERE}/gpgme.yaml --error-exitcode=0 --format=json --report {report} --"
        result = subprocess.run(["go", "test", "-count=1", f"-exec={guard}", "."], cwd=folder, env=self.go, check=False,
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
        return [finding for finding in findings if finding["level"] == "error"]

    def line_of(self, text):
        lines = (HERE / "import_test.go").read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)

    def test_before(self):
        folder = self.module("v0.1.0")
        races = next(filter(None, (self.races(folder) for _ in range(MOST_RUNS))), [])
        self.assertEqual([(race["kind"], race["function"], race["other_function"]) for race in races],
                         [("late-free", "gpgme_data_release", "gpgme_op_import")])
        (race,) = races
        (op,) = race["in_flight"]
        own = [(frame["function"], pathlib.Path(frame["file"]).name, frame["line"]) for frame in op["frames"]]
        self.assertIn(("imports.TestImport", "import_test.go", self.line_of("ctx.Import(data)")), own)
        self.assertEqual(own[0][0], f"{BINDING}.(*Context).Import")
        self.assertEqual(op["test"], "imports.TestImport")
        self.assertEqual(race["call"]["run_by"], "a finalizer that the Go garbage collector ran")
        self.assertIn(f"{BINDING}.(*Data).Close", [frame["function"] for frame in race["call"]["frames"]])
        self.assertFalse(any("_C2func_" in frame["function"] for frame in race["call"]["frames"]))
        self.assertIn("runtime.KeepAlive", race["fix"])

    def test_after(self):
        folder = self.module("v0.1.1")
        self.assertEqual([self.races(folder) for _ in range(MOST_RUNS)], [[]] * MOST_RUNS)


if __name__ == "__main__":
    for needed in ("go", "gpg"):
        if not shutil.which(needed):
            print(f"skipped: there is no {needed}")
            sys.exit(77)
    if not pathlib.Path("/usr/include/gpgme.h").exists():
        print("skipped: there is no gpgme.h; libgpgme-dev has it")
        sys.exit(77)
    unittest.main()
