"""Rust programs: a handle dropped too early, and a panic that leaves an op."""
import unittest

import languages


class Rust(languages.LanguageTest):
    def compile(self, name, *options):
        program = self.folder / name
        # Debian's compiler knows the C-unwind ABI as a feature that is still to come.
        self.build("rustc", "--edition=2021", *(options or ["-g"]), "-L", languages.GATE, "-l", "gate", "-o",
                   program,
                   languages.HERE / "rust" / f"{name}.rs", RUSTC_BOOTSTRAP="1")
        return program

    def test_drop_while_another_thread_waits(self):
        self.assert_late_free(self.compile("late_drop"))

    def test_panic_leaves_an_op(self):
        program = self.compile("panic_in_callback")
        self.assertEqual(self.findings(program, "race"), [("unwound", "gate_call", [])])
        self.assertEqual(self.findings(program, "fixed"), [])

    def test_names_without_debugging_information(self):
        """By both of the ways in which functions are named for the linker."""
        for mangling in ("v0", "legacy"):
            text, full = self.text(self.compile("panic_in_callback", "-C", f"symbol-mangling-version={mangling}", "-Z",
                                                "unstable-options"), "race")
            self.assertRegex(text, r"#\d  panic_in_callback::\w+")
            for report in (text, full):
                self.assertNotRegex(report, r"\b_R[A-Z]|\b_ZN|::h[0-9a-f]{16}")


if __name__ == "__main__":
    unittest.main()
