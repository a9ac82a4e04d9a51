"""A program that was stripped of its symbol table, with a library linked in and hidden: the table is found in a file apart, or
packed into the program."""
import json
import lzma
import os
import platform
import re
import subprocess
import unittest

from support import BIN, SOURCE, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
WHOLE = BIN / "cli_box_inside"
COVERED, UNKNOWN_OR_NOTHING = 0, (1, 2)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@unittest.skipUnless(platform.machine() == "x86_64", "what is linked in and hidden is seen on x86-64 alone")
class Separate(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.program, self.apart = self.folder / "program", self.folder / "apart"
        self.table = self.path_below(self.apart)
        self.table.parent.mkdir(parents=True)
        run("objcopy", "--only-keep-debug", WHOLE, self.table)
        run("strip", "-o", self.program, WHOLE)

    def path_below(self, folder):
        build_id = re.search(r"Build ID: ([0-9a-f]+)", run("readelf", "-n", WHOLE)).group(1)
        return folder / ".build-id" / build_id[:2] / f"{build_id[2:]}.debug"

    def pack(self):
        """As Fedora does: functions only, without lines and data."""
        small, packed = self.folder / "small", self.folder / "packed"
        names = [line.split() for line in run("nm", "--format=posix", "--defined-only", WHOLE).splitlines()]
        (self.folder / "kept").write_text("".join(f"{name[0]}\n" for name in names if name[1] in "Tt"), encoding="utf-8")
        run("objcopy", "-S", f"--keep-symbols={self.folder / 'kept'}", self.table, small)
        packed.write_bytes(lzma.compress(small.read_bytes()))
        run("objcopy", f"--add-section=.gnu_debugdata={packed}", self.program)

    def check_seen(self, *options):
        status, report = self.report("-m", BOX, *options, "--", self.program)
        (recording,) = report["recordings"]
        self.assertEqual((status, {entry["function"]: entry["reach"] for entry in recording["coverage"]}),
                         (0, {"box_open": "called", "box_use": "called", "box_peek": "never-called", "box_close": "called"}))
        doctor = self.handleguard("doctor", "--format=json", "-m", BOX, *options, "--", self.program)
        self.assertEqual((doctor.returncode, {entry["reach"] for entry in json.loads(doctor.stdout)["functions"]}),
                         (COVERED, {"seen"}))

    def check_unseen(self, *options):
        status, report = self.report("-m", BOX, *options, "--", self.program)
        self.assertEqual((status, [entry["calls"] for entry in report["recordings"]]), (0, []))
        self.assertIn(self.handleguard("doctor", "-m", BOX, *options, "--", self.program).returncode, UNKNOWN_OR_NOTHING)

    def test_without_it_nothing_is_seen(self):
        self.check_unseen()

    def test_in_a_folder(self):
        self.check_seen(f"--debug-dir={self.apart}")
        self.check_seen(f"--debug-dir={os.path.relpath(self.apart)}")

    def test_of_another_build(self):
        """The name of the file is not believed."""
        text = self.table.read_bytes()
        at = text.index(bytes.fromhex(self.table.parent.name + self.table.stem))
        self.table.write_bytes(text[:at] + bytes(20) + text[at + 20:])
        self.check_unseen(f"--debug-dir={self.apart}")

    def test_that_is_damaged(self):
        whole = self.table.read_bytes()
        for size in 0, 63, 64, len(whole) // 2, len(whole) - 1:
            self.table.write_bytes(whole[:size])
            self.check_unseen(f"--debug-dir={self.apart}")

    def test_in_the_program(self):
        self.pack()
        cache = self.folder / ".cache/handleguard"
        self.check_seen()
        self.assertTrue(self.path_below(cache).exists())
        self.check_seen()
        self.assertEqual(self.handleguard("clean").returncode, 0)
        self.assertEqual(list(cache.iterdir()), [])

    def test_in_the_program_damaged(self):
        (self.folder / "packed").write_bytes(lzma.compress(b"no ELF file")[:-8])
        run("objcopy", f"--add-section=.gnu_debugdata={self.folder / 'packed'}", self.program)
        self.check_unseen()


if __name__ == "__main__":
    unittest.main()
