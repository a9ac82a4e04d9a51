"""A program with a large symbol table and no guarded function in it: it is looked through at its first start, and not again."""
import shutil
import time
import unittest

from support import BIN, SOURCE, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
WITHOUT, INSIDE = BIN / "cli_box_large", BIN / "cli_box_large_inside"
SETTLED_S = 0.2  # what has changed a moment ago may be changing still


class LookOnce(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.program, self.other = self.folder / "program", self.folder / "other.yaml"
        self.other.write_text("handleguard: 1\nlibrary: [libnet.so]\nclasses: {net: }\nfunctions: {net_open: {create: net}}\n",
                              encoding="utf-8")
        self.put(WITHOUT)

    def put(self, program):
        """In the place of the one that is there: the same file."""
        shutil.copy(program, self.program)
        while abs(time.time() - self.program.stat().st_ctime) < SETTLED_S:
            pass

    def kept(self):
        """When it was written to last, and what it holds."""
        path = self.folder / ".cache/handleguard/looked-through-1"
        text = path.read_bytes()
        return path.stat().st_mtime_ns, {text[at:at + 8] for at in range(0, len(text), 8)} - {bytes(8)}

    def calls(self, manifest=BOX, **keywords):
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", manifest, "--format=json", "--report", path, "--", self.program, **keywords)
        self.assertEqual(result.returncode, 0, result.stderr)
        return '"reach": "called"' in path.read_text(encoding="utf-8")

    def test_once(self):
        self.assertFalse(self.calls())
        first = self.kept()
        self.assertEqual(len(first[1]), 1)
        self.assertFalse(self.calls())
        self.assertEqual(self.kept(), first)

    def test_another_program_in_its_place(self):
        self.assertFalse(self.calls())
        self.put(INSIDE)
        self.assertTrue(self.calls())
        self.assertEqual(len(self.kept()[1]), 1)

    def test_another_manifest(self):
        self.put(INSIDE)
        self.assertFalse(self.calls(self.other))
        self.assertEqual(len(self.kept()[1]), 1)
        self.assertTrue(self.calls())

    def test_what_has_just_changed_is_looked_through_again(self):
        ahead = time.clock_gettime(time.CLOCK_REALTIME)
        shutil.copy(WITHOUT, self.program)
        self.assertFalse(self.calls())
        if time.clock_gettime(time.CLOCK_REALTIME) - ahead < 0.1:
            self.assertEqual(self.kept()[1], set())

    def test_that_it_can_be_turned_off(self):
        result = self.handleguard("run", "-m", BOX, "--", self.program, env={"HANDLEGUARD_LOOKED_THROUGH": ""})
        self.assertEqual(result.returncode, 0)
        self.assertNotIn("LOOKED_THROUGH", result.stderr)
        self.assertFalse((self.folder / ".cache/handleguard/looked-through-1").exists())

    def test_that_clean_forgets(self):
        self.calls()
        self.assertEqual(self.handleguard("clean").returncode, 0)
        self.assertEqual(list((self.folder / ".cache/handleguard").iterdir()), [])


if __name__ == "__main__":
    unittest.main()
