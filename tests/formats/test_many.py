"""Many findings and many recordings: what a report of them takes, and that each is told as it is alone."""
import json
import struct
import subprocess
import sys
import unittest

from names import HERE, MANIFEST, NamesTest
from support import PROGRAM

# A process begins with the size of its parent: so that this is a small one.
MEASURE = """
import os, sys
if os.fork() == 0:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(-1, 0)
if os.waitstatus_to_exitcode(status) not in (0, 1):
    sys.exit(2)
sys.stderr.write(str(usage.ru_maxrss))
"""
PAGE = 4096
PID_AT = 72  # in the recording's header
AWAKE = 64  # recordings that a report keeps in memory
FINDINGS = 500  # each call that repeats a free is one


class Many(NamesTest):
    def record_findings(self):
        source = self.folder / "findings.c"
        source.write_text('#include "net.h"\nint main(void)\n{\n\tstruct net *net;\n'
                          + "\tnet = net_open(); net_close(net); net_close(net);\n" * FINDINGS + "}\n", encoding="utf-8")
        self.compile("-g", "-O0", f"-I{HERE}", "-o", self.app / "findings", source, "-L", self.app, "-lnet",
                     "-Wl,-rpath,$ORIGIN")
        self.handleguard("run", "-m", MANIFEST, "--output", self.folder / "findings", "--", self.app / "findings")
        return self.folder / "findings"

    def copies(self, recording, count):
        """A folder of as many copies of a recording, as if of different processes; sparse as it is itself."""
        content = recording.read_bytes()
        pages = [at for at in range(0, len(content), PAGE) if any(content[at:at + PAGE])]
        folder = self.folder / f"copies-{count}"
        folder.mkdir()
        for number in range(count):
            with (folder / f"{number:05}.hgr").open("wb") as file:
                file.truncate(len(content))
                for at in pages:
                    file.seek(at)
                    file.write(content[at:at + PAGE])
                file.seek(PID_AT)
                file.write(struct.pack("<I", 1 << 29 | number))
        return folder

    def report(self, form, path):
        """The text of a report, and how many KiB it took at most."""
        return self.measure("report", "--read-only", "-f", form, path)

    def measure(self, *arguments):
        with (self.folder / "report").open("w+", encoding="utf-8") as file:
            result = subprocess.run([sys.executable, "-S", "-c", MEASURE, PROGRAM, *arguments],
                                    stdout=file, stderr=subprocess.PIPE, text=True, check=True)
            file.seek(0)
            return file.read(), int(result.stderr)

    def test_each_finding_takes_no_memory_of_its_own_in_print(self):
        recordings = self.record_findings()
        _, least = self.report("github", recordings)
        for form, findings in ("json", lambda report: report["findings"]), ("sarif", lambda log: log["runs"][0]["results"]):
            text, most = self.report(form, recordings)
            self.assertEqual(len(findings(json.loads(text))), FINDINGS)
            self.assertLess(most, least + len(text) // 1024 // 2, f"{form}: {most} KiB, {least} KiB before it is printed")

    def test_recordings_without_holes_take_as_little_and_are_told_alike(self):
        recording, = self.record("twice").glob("*.hgr")
        count = AWAKE // 4
        folder = self.copies(recording, count)
        text, least = self.report("json", folder)
        for copy in folder.iterdir():
            copy.write_bytes(copy.read_bytes())  # zeros where there were holes, as in an unpacked archive
        again, most = self.report("json", folder)
        self.assertEqual(again, text)
        self.assertLess((most - least) / count, 64, f"{most} KiB, {least} KiB with holes")

    def check_told_as_if_alone(self, folder, together):
        finding, = together["findings"]
        count = len(together["recordings"])
        self.assertEqual(finding["count"], count)
        for number in 0, count - 1:
            alone = json.loads(self.report("json", folder / f"{number:05}.hgr")[0])
            self.assertEqual(together["recordings"][number], alone["recordings"][0])
            one = alone["findings"][0] | {"count": count, "processes": finding["processes"], "pid": finding["pid"]}
            self.assertEqual(finding, one)

    def test_each_of_many_recordings_takes_little_and_is_told_as_if_it_were_alone(self):
        recording, = self.record("twice").glob("*.hgr")
        few, many = self.copies(recording, AWAKE), self.copies(recording, 5 * AWAKE)
        for form in "text", "json":
            _, least = self.report(form, few)
            text, most = self.report(form, many)
            self.assertIn(f"{5 * AWAKE - 1:05}.hgr", text)
            self.assertLess((most - least) / (4 * AWAKE), 8, f"{form}: {most} KiB, {least} KiB of a fifth of them")
        self.check_told_as_if_alone(many, json.loads(text))
        _, least = self.measure("report", "diff", few, few)
        _, most = self.measure("report", "diff", many, many)
        self.assertLess((most - least) / (4 * AWAKE), 8, f"diff: {most} KiB, {least} KiB of a fifth of them")


if __name__ == "__main__":
    unittest.main()
