"""Python programs: ctypes, cffi, an extension module, greenlets."""
import subprocess
import unittest

import languages

PYTHON = "/usr/bin/python3"  # the one that Debian's cffi and greenlet belong to


class Python(languages.LanguageTest):
    def script_path(self, name):
        return languages.HERE / "python" / name

    def test_ctypes(self):
        self.assert_late_free(PYTHON, self.script_path("late_free.py"), "open_ctypes")

    def test_cffi_abi_mode(self):
        self.assert_late_free(PYTHON, self.script_path("late_free.py"), "open_cffi")

    def test_cffi_api_mode(self):
        self.build(PYTHON, self.script_path("build_cffi.py"), self.folder, languages.INCLUDE, languages.GATE)
        self.environment["PYTHONPATH"] = str(self.folder)
        self.assert_late_free(PYTHON, self.script_path("late_free.py"), "open_cffi_api")

    def test_extension_module(self):
        include = subprocess.run([f"{PYTHON}-config", "--includes"], capture_output=True, text=True, check=True).stdout
        self.build("gcc", "-g", "-shared", "-fPIC", *include.split(), f"-I{languages.INCLUDE}",
                   "-o", self.folder / "gate_extension.so", self.script_path("gate_extension.c"),
                   f"-L{languages.GATE}", "-lgate")
        self.environment["PYTHONPATH"] = str(self.folder)
        self.assert_late_free(PYTHON, self.script_path("late_free.py"), "open_extension")

    def test_finalizer_is_provoked_to_run_meanwhile(self):
        def kinds(way, *options):
            _, told = self.report("-m", languages.MANIFEST, "--provoke", *options, "--", PYTHON,
                                  self.script_path("hunted.py"), way)
            return {finding["kind"] for finding in told["findings"] if finding["level"] == "error"}

        self.environment["LD_LIBRARY_PATH"] = str(languages.GATE)
        learned = f"--learn={self.folder}/learned"
        self.assertTrue(any(kinds("bad", learned) & {"late-op", "late-free"} for _ in range(8)))
        self.assertEqual(kinds("fixed"), set())
        self.assertEqual(kinds("bad", "--provoke-gc=off"), set())

    def test_greenlets_leave_out_of_order(self):
        self.assertEqual(self.findings(PYTHON, self.script_path("greenlets.py")), [])

    def test_greenlet_parked_in_op(self):
        self.assertEqual(self.findings(PYTHON, self.script_path("callbacks.py"), "in_op"),
                         [("reentrant-free", "gate_close", ["gate_call"])])

    def test_greenlet_parked_in_close(self):
        self.assertEqual(sorted(self.findings(PYTHON, self.script_path("callbacks.py"), "in_close")),
                         [("late-op", "gate_touch", []), ("repeat-free", "gate_close", [])])

    def test_close_is_callback(self):
        self.assertEqual(self.findings(PYTHON, self.script_path("callbacks.py"), "close_itself"),
                         [("reentrant-free", "gate_close", ["gate_call"])])

    def test_greenlets_parked_by_the_hundred(self):
        self.assertEqual(self.findings(PYTHON, self.script_path("callbacks.py"), "fixed"), [])


if __name__ == "__main__":
    unittest.main()
