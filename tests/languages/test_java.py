"""Java programs that use JNI: a close under another thread's call, and a cleaner that runs in the middle of one."""
import pathlib
import re
import subprocess
import unittest

import languages

HERE = languages.HERE / "java"


def home_of_java():
    """Where the machine's own Java lives, of whichever version, as it says itself."""
    said = subprocess.run(["/usr/bin/java", "-XshowSettings:properties", "-version"], capture_output=True, text=True,
                          check=True).stderr
    return pathlib.Path(re.search(r"^ *java\.home = (.*)$", said, re.MULTILINE)[1])


JAVA = home_of_java()


def compile_programs(test):
    test.build("gcc", "-g", "-shared", "-fPIC", f"-I{JAVA}/include", f"-I{JAVA}/include/linux",
               f"-I{languages.INCLUDE}", "-o", test.folder / "libgate_jni.so", HERE / "gate_jni.c",
               f"-L{languages.GATE}", "-lgate")
    test.build(JAVA / "bin/javac", "-nowarn", "-d", test.folder, *HERE.glob("*.java"))


class Java(languages.LanguageTest):
    def setUp(self):
        super().setUp()
        compile_programs(self)

    def command(self, name):
        return JAVA / "bin/java", f"-Djava.library.path={self.folder}", "-cp", self.folder, name

    def test_close_while_another_thread_waits(self):
        self.assert_late_free(*self.command("LateFree"))

    def test_head_of_the_finding_names_the_users_lines(self):
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--", *self.command("Cleaned"), "race",
                                  env={"LD_LIBRARY_PATH": languages.GATE})
        self.assertIn("\n   Free: Cleaned.lambda$new$0 at Cleaned.java:17\n   Op:   Cleaned.receive at Cleaned.java:25\n"
                      "   Fix: Keep the owner alive across the call", result.stderr)
        self.assertIn(" #0  Gate.close at Gate.java\n", result.stderr)

    def test_cleaner_runs_while_a_thread_waits(self):
        self.assert_late_free(*self.command("Cleaned"))


if __name__ == "__main__":
    unittest.main()
