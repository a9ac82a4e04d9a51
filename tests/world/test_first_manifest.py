"""The page that leads from a header to a clean run: its files are written and its commands run, in the order of the page."""
import os
import re
import signal
import subprocess
import sys
import unittest

from support import BIN, SOURCE, CommandLineTest

PAGE = (SOURCE / "docs/first-manifest.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(c|python|yaml|)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATUSES = {"handleguard run -m ./curl.yaml -- ./fetch": 97}  # of all others: 0


def steps():
    """(what, text) in the order of the page: files by their names, lines of the manifest, excerpts of outputs, commands."""
    at = 0
    for fence in FENCE.finditer(PAGE):
        for command in re.findall(r"^    (\S.*)$", PAGE[at:fence.start()], re.MULTILINE):
            yield "command", command
        language, text = fence.groups()
        name = re.match(r"(?:/\*|#) (\w+\.\w+):", text)
        yield (name.group(1) if name else language or "output"), text
        at = fence.end()
    for command in re.findall(r"^    (\S.*)$", PAGE[at:], re.MULTILINE):
        yield "command", command


class FirstManifest(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.environment["PATH"] = f"{BIN}:{self.environment['PATH']}"
        self.said = ""

    def type(self, command):
        starts_server = "slow.py" in command
        if starts_server:
            command += "; echo $!"
        result = subprocess.run(command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True,
                                timeout=300, check=False)
        status = next((status for begin, status in STATUSES.items() if command.startswith(begin)), 0)
        self.said = result.stdout + result.stderr
        self.assertEqual(result.returncode, status, f"{command}\n{self.said}")
        if starts_server:
            self.addCleanup(os.kill, int(self.said), signal.SIGKILL)
            self.assertEqual((self.folder / "log").read_text(encoding="utf-8"), "ready\n")

    def write_lines(self, text):
        """Each line of the page goes where the manifest's line with the same key stands."""
        path = self.folder / "curl.yaml"
        manifest = path.read_text(encoding="utf-8")
        for line in re.findall(r"^  \w+:.*$", text, re.MULTILINE):
            manifest, count = re.subn(rf"^{re.match('  [a-z_]+:', line).group()}.*$", lambda _: line, manifest, flags=re.MULTILINE)
            self.assertEqual(count, 1, line)
        path.write_text(manifest, encoding="utf-8")

    def hold_output(self, text):
        told = self.said + (self.folder / "curl.yaml").read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.strip() != "...":
                self.assertIn(" ".join(line.split()), " ".join(told.split()).replace(f"{self.folder}/", ""))

    def test_from_a_header_to_a_clean_run(self):
        for what, text in steps():
            if what == "command":
                self.type(text)
            elif what == "yaml":
                self.write_lines(text)
            elif what == "output":
                self.hold_output(text)
            else:
                (self.folder / what).write_text(text, encoding="utf-8")
        self.assertIn("Operation was aborted by an application callback", self.said)
        self.assertIn("0 findings", self.said)


if __name__ == "__main__":
    if not any(os.path.exists(f"/usr/include/{folder}curl/curl.h") for folder in ("", "x86_64-linux-gnu/", "aarch64-linux-gnu/")):
        print("skipped: libcurl's headers are not there (scripts/install-deps world)")
        sys.exit(77)
    unittest.main()
