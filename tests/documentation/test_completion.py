"""What shells complete the command line with. bash is there; zsh and fish are asked if they are."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SHARE = (pathlib.Path(argument) for argument in sys.argv[1:3])

# The line as readline parts it, which takes = for a word of its own.
BASH = r"""
source "$1"
mapfile -t COMP_WORDS < <(grep -oE '=|[^ =]+' <<< "$2")
[[ $2 != *[\ =] ]] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_handleguard
printf '%s\n' "${COMPREPLY[@]}"
"""


class Completion(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "recordings").mkdir()
        (self.folder / "net.yaml").touch()

    def run_shell(self, *command):
        environment = os.environ | {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "HOME": str(self.folder)}
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=self.folder, env=environment,
                              timeout=30).stdout

    def bash(self, line):
        return self.run_shell("bash", "-c", BASH, "bash", SHARE / "bash-completion/completions/handleguard", line).split()

    def fish(self, line):
        script = f"source {SHARE}/fish/vendor_completions.d/handleguard.fish; complete -C '{line}'"
        return [re.split(r"\t", each)[0] for each in self.run_shell("fish", "--no-config", "-c", script).splitlines()]

    def test_bash(self):
        for line, words in (("handleguard rep", ["report"]), ("handleguard manifest li", ["link", "lint", "list"]),
                            ("handleguard report --live=", None), ("handleguard run --mode=ab", ["abort"]),
                            ("handleguard run --mode ab", ["abort"]), ("handleguard report --color=a", ["auto", "always"]),
                            ("handleguard report -f sar", ["sarif"]), ("handleguard report --form", ["--format"]),
                            ("handleguard run -m sql", ["sqlite3"]), ("handleguard run -m n", ["net.yaml"]),
                            ("handleguard report rec", ["recordings"]), ("handleguard report --sysroot ", ["recordings"]),
                            ("handleguard run -m sqlite3 -- tru", ["true", "truncate"])):
            with self.subTest(line):
                found = self.bash(line)
                if words is None:
                    self.assertIn(str(os.getpid()), found)
                else:
                    self.assertEqual(sorted(set(found)), sorted(words))

    def test_every_option_has_its_place(self):
        for command in "run", "report", "top", "doctor", "manifest generate":
            text = subprocess.run([PROGRAM, *command.split(), "--help"], capture_output=True, text=True, check=True).stdout
            options = set(re.findall(r"^ +(?:-., )?(--[\w-]+)", text, re.MULTILINE))
            self.assertEqual(set(self.bash(f"handleguard {command} --")), options)

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_fish(self):
        for line, words in (("handleguard rep", ["report"]), ("handleguard report --form", ["--format"]),
                            ("handleguard run --mode=ab", ["--mode=abort"]), ("handleguard manifest li", ["link", "lint", "list"]),
                            ("handleguard report -f sar", ["sarif"])):
            with self.subTest(line):
                self.assertEqual(sorted(set(self.fish(line))), sorted(words))

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_zsh(self):
        """It completes at a terminal only: that its functions can be read is what is tried."""
        self.assertEqual(self.run_shell("zsh", "-n", SHARE / "zsh/site-functions/_handleguard"), "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
