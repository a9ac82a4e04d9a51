"""Java programs that use JNI: a close under another thread's call, and a cleaner that runs in the middle of one."""
import pathlib
import re
import subprocess
import unittest

import languages
import support

HERE = languages.HERE / "java"


def home_of_java():
    """Where the machine's own Java lives, of whichever version, as it says itself."""
    said = subprocess.run(["/usr/bin/java", "-XshowSettings:properties", "-version"], capture_output=True, text=True,
                          check=True).stderr
    return pathlib.Path(re.search(r"^ *java\.home = (.*)$", said, re.MULTILINE)[1])


JAVA = home_of_java()
INCLUDES = f"-I{JAVA}/include", f"-I{JAVA}/include/linux", f"-I{languages.INCLUDE}"


def compile_library(test):
    test.build("gcc", "-g", "-O2", "-shared", "-fPIC", *INCLUDES, "-o", test.folder / "libgate_jni.so", HERE / "gate_jni.c",
               f"-L{languages.GATE}", "-lgate")


def compile_programs(test):
    compile_library(test)
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


class Hunted(languages.LanguageTest):
    """A cleaner, or a finalizer, that runs in the middle of a call, because garbage is collected while that is held back."""

    def setUp(self):
        super().setUp()
        self.build("gcc", "-g", "-O2", "-shared", "-fPIC", *INCLUDES, "-o", self.folder / "libhunted_jni.so",
                   HERE / "hunted_jni.c", "-lsqlite3")
        self.build(JAVA / "bin/javac", "-nowarn", "-d", self.folder, HERE / "Hunted.java")

    def kinds(self, way, *options):
        """The errors; and the program sees what it sees without: the threads that there are."""
        report = self.folder / "report.json"
        result = self.handleguard("run", "--brief", "-m", "sqlite3", "--format=json", "--report", report, *options, "--",
                                  JAVA / "bin/java", f"-Djava.library.path={self.folder}", "-cp", self.folder, "Hunted", way)
        self.seen.add(result.stdout)
        told = support.json.loads(report.read_text(encoding="utf-8"))
        return {finding["kind"] for finding in told["findings"] if finding["level"] == "error"}

    def test_finalizer_is_provoked_to_run_meanwhile(self):
        self.seen = set()
        for way in "cleaned", "finalized":
            with self.subTest(way):
                learned = f"--learn={self.folder}/{way}.learned"
                self.assertEqual(self.kinds(way), set())
                self.assertTrue(any(self.kinds(way, "--provoke", learned) & {"late-op", "late-free"} for _ in range(8)))
        self.assertEqual(self.kinds("fixed", "--provoke"), set())
        self.assertEqual(self.kinds("cleaned", "--provoke", "--provoke-gc=off"), set())
        self.assertEqual(len(self.seen), 1, self.seen)


THROWN = """\
await: java.lang.IllegalStateException: Java_Gate_await: the handle is closed (turned away by handleguard)
call: java.io.IOException: Java_Gate_call: the handle is closed (turned away by handleguard)
close: java.lang.IllegalStateException: Java_Gate_close: the handle is closed (turned away by handleguard)
pending: java.lang.ArithmeticException: pending
0
inside: nothing was thrown
compiled: java.lang.IllegalStateException: Java_Gate_await: the handle is closed (turned away by handleguard)
"""


class Natives(languages.LanguageTest):
    """Native methods are guarded themselves: what is turned away gets an exception, if Java called."""

    def setUp(self):
        super().setUp()
        compile_library(self)
        self.build("gcc", "-g", "-shared", "-fPIC", *INCLUDES, "-o", self.folder / "libnatives_jni.so",
                   HERE / "natives_jni.c", f"-L{self.folder}", "-lgate_jni", f"-Wl,-rpath-link,{languages.GATE}")
        self.build(JAVA / "bin/javac", "-nowarn", "-d", self.folder, *(HERE / f"{name}.java" for name in ("Gate", "Natives", "Told")))

    def test_what_is_turned_away_throws(self):
        for checks in ([], ["-Xcheck:jni"]):
            with self.subTest(checks):
                result = self.handleguard("run", "-m", HERE / "natives.yaml", "--", JAVA / "bin/java", *checks,
                                          f"-Djava.library.path={self.folder}", "-cp", self.folder, "Natives",
                                          env={"LD_LIBRARY_PATH": f"{languages.GATE}:{self.folder}"})
                said = "".join(line for line in result.stdout.splitlines(True) if not line.startswith(("WARNING", "Warning")))
                self.assertEqual(said, THROWN, result.stderr)

CLOSED = "java.lang.IllegalStateException: Java_Registered_{}: the handle is closed (turned away by handleguard)"
REGISTERED = ["3", "touch: " + CLOSED.format("touch__J"), "touch twice: " + CLOSED.format("touch__JI"),
              "await all: " + CLOSED.format("awaitAll"), "await none: nothing was thrown",
              "touch one of some: " + CLOSED.format("touch__J"), "done"]


class Registered(languages.LanguageTest):
    """Native methods whose names their library exports not, but registers; it is stripped."""

    def setUp(self):
        super().setUp()
        self.build("gcc", "-O2", "-s", "-shared", "-fPIC", *INCLUDES, "-o", self.folder / "libregistered_jni.so",
                   HERE / "registered_jni.c", f"-L{languages.GATE}", "-lgate")
        self.build(JAVA / "bin/javac", "-encoding", "UTF-8", "-nowarn", "-d", self.folder, HERE / "Registered.java", HERE / "Told.java")

    def test_those_that_are_named_are_guarded_also_by_their_arrays(self):
        for checks in ([], ["-Xcheck:jni"]):
            with self.subTest(checks):
                report = self.folder / "report.json"
                result = self.handleguard("run", "-m", HERE / "registered.yaml", "--format=json", "--report", report, "--",
                                          JAVA / "bin/java", *checks, f"-Djava.library.path={self.folder}", "-cp", self.folder,
                                          "Registered", env={"LD_LIBRARY_PATH": f"{languages.GATE}:{self.folder}"})
                said = [line for line in result.stdout.splitlines() if not line.startswith(("WARNING", "Warning"))]
                self.assertEqual(said, REGISTERED, result.stderr)
                self.check(support.json.loads(report.read_text(encoding="utf-8")))

    def check(self, told):
        recording, = told["recordings"]
        counters = recording["counters"]
        self.assertEqual((counters["natives-registered"], counters["natives-guarded"]), (10, 8))
        self.assertEqual([(each["created"], each["freed"], each["adopted"]) for each in recording["handles"]], [(24, 24, 0)])
        races = sorted((finding["call"]["frames"][1]["function"], [op["function"] for op in finding["in_flight"]])
                 for finding in told["findings"] if finding["kind"] == "late-free")
        self.assertEqual(races, [("Registered.race", ["Java_Registered_awaitAll"]),
                                 *[("Registered.race", ["Java_Registered_await_1one"])] * 2])


if __name__ == "__main__":
    unittest.main()
