"""Manifests as they were written in earlier days load, and mean what they meant.

A folder of kept/ is named after its day. What is in a .meaning was printed on that day, by that day's reader of manifests: it
is never made anew. A manifest that means something else now is a breaking change."""
import difflib
import pathlib
import subprocess
import sys
import unittest

KEPT = pathlib.Path(__file__).parent / "kept"
PROGRAM = sys.argv.pop(1)


class Kept(unittest.TestCase):
    def test_meaning(self):
        manifests = sorted(KEPT.glob("*/*.yaml"))
        self.assertGreater(len(manifests), 5)
        for manifest in manifests:
            with self.subTest(manifest.relative_to(KEPT)):
                run = subprocess.run([PROGRAM, manifest], capture_output=True, text=True, check=False)
                self.assertEqual((run.returncode, run.stderr), (0, ""))
                then = manifest.with_suffix(".meaning").read_text(encoding="utf-8")
                changed = difflib.unified_diff(then.splitlines(), run.stdout.splitlines(), "then", "now", n=1, lineterm="")
                self.assertEqual("\n".join(changed), "")


if __name__ == "__main__":
    unittest.main()
