"""`handleguard manifest learn`: what a run tells that its manifest lacks."""
import os
import pathlib
import unittest

from support import BIN, SOURCE, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
HEADER = SOURCE / "tests/cli/box/box.h"
GATE = SOURCE / "tests/support"
OLDER_LIFE = pathlib.Path(os.environ["HANDLEGUARD_TEST_OLDER_LIFE"])
HEAD = "# What {} may lack, by what the program did. Read each line before it goes in there.\nfunctions:\n\n"


class Learn(CommandLineTest):
    def learn(self, manifest, *words):
        return self.handleguard("manifest", "learn", "-m", manifest, *(words or ("--header", HEADER, "--", BIN / "cli_box")))

    def without(self, function):
        path = self.folder / "less.yaml"
        path.write_text("".join(line for line in BOX.read_text("utf-8").splitlines(True) if f"{function}:" not in line),
                        encoding="utf-8")
        return path

    def assert_proposes(self, function, evidence, line):
        manifest = self.without(function)
        result = self.learn(manifest)
        self.assertEqual(result.stdout.split("\n# What only a person")[0],
                         HEAD.format(manifest) + f"  # Used by {BIN}/cli_box{evidence}.\n{line}\n")
        self.assertEqual((result.stderr, result.returncode), ("", 1))

    def test_a_create(self):
        self.assert_proposes("box_open", "; 1 handle of 'box' came from no create that is named",
                             "  box_open: {create: box}  # returns one")

    def test_a_free(self):
        self.assert_proposes("box_close", "; 1 handle of 'box' lived to the end",
                             "  box_close: {free: {box: 0}, returns: void}  # named like a free")

    def test_a_free_that_has_another_name(self):
        """`box_use` could free, by what is seen: nothing else that the program uses and that is not named could."""
        path = self.without("box_close")
        path.write_text(path.read_text("utf-8").replace("[box_look]", "[box_look, box_close]")
                        .replace("  box_use:   {op: {box: 0}}\n", ""), encoding="utf-8")
        self.assertIn("  box_use: {free: {box: 0}}  # nothing else that the program uses can end them\n", self.learn(path).stdout)

    def test_an_op(self):
        self.assert_proposes("box_use", "", "  box_use: {op: {box: 0}}")

    def test_of_a_whole_manifest_nothing(self):
        result = self.learn(BOX)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_addresses_that_come_again(self):
        result = self.learn(GATE / "gate.yaml", "--header", GATE / "libgate/gate.h", "--", OLDER_LIFE)
        self.assertIn("\n# Class 'gate': add 'quarantine: true'. ", result.stdout)
        self.assertEqual(result.returncode, 1)

    def test_creates_that_cannot_all_be_named(self):
        unguarded = BOX.read_text("utf-8").replace("[box_look]", "[box_look, box_open]").replace("  box_open:  {create: box}\n", "")
        for says, asks in ("", True), ("creates: some", False):
            path = self.folder / "less.yaml"
            path.write_text(unguarded.replace("box: {}", f"box: {{{says}}}"), encoding="utf-8")
            result = self.learn(path)
            self.assertEqual((" came from no create that is named" in result.stdout, result.returncode), (asks, 0), result.stderr)

    def test_a_library_as_a_whole_need_not_be_created(self):
        path = self.folder / "whole.yaml"
        path.write_text(BOX.read_text("utf-8").replace("box: {}", "box: {}\n  library: {type: int32, exclusive: report}")
                        .replace("{op: {box: 0}}", "{op: {box: 0, library: {value: 0}}}"), encoding="utf-8")
        result = self.learn(path)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_a_program_that_calls_nothing(self):
        result = self.learn(BOX, "--", BIN / "cli_box", "idle")
        self.assertEqual((result.stdout, result.returncode), ("", 2))
        self.assertIn("NOTHING WAS COVERED", result.stderr)

    def test_a_program_that_is_not_there(self):
        self.assert_fails(self.learn(BOX, "--", "/nowhere/program"), 2,
                          "handleguard run: /nowhere/program: there is no such file to run")


if __name__ == "__main__":
    unittest.main()
