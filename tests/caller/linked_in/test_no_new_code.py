"""Where no page may become executable that was not (prctl PR_SET_MDWE), calls of a program that has its library in it are
guarded as everywhere."""
import ctypes
import os
import unittest

import support

PROGRAMS = os.environ["HANDLEGUARD_TEST_PROGRAMS"].split(":")
MANIFEST = support.SOURCE / "tests/caller/cell.yaml"
SET_MDWE, REFUSE_EXEC_GAIN = 65, 1


def refuse_new_code():
    """Holds for what the process runs from then on."""
    if ctypes.CDLL(None, use_errno=True).prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


class NoNewCode(support.CommandLineTest):
    def test_every_reference_is_guarded(self):
        for program in PROGRAMS:
            try:
                result = self.handleguard("run", "-m", MANIFEST, "--", program, preexec_fn=refuse_new_code)
            except (OSError, support.subprocess.SubprocessError):
                self.skipTest("the kernel knows of no such thing")
            # The program has looked at what reached the library.
            self.assertEqual(result.returncode, 97, result.stderr)
            self.assertIn("late-op of cell, cell_touch against cell_free", result.stderr + result.stdout)


if __name__ == "__main__":
    unittest.main()
