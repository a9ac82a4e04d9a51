"""Programs that are built with sanitizers run under the guard, both tools report, and the sanitizer reports nothing that
only the guard's being there has brought about."""
import contextlib
import dataclasses
import pathlib
import subprocess
import unittest

import support

HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = HERE / "tank.yaml"
FAULTS = {"address": "AddressSanitizer: heap-buffer-overflow", "thread": "ThreadSanitizer: data race",
          "memory": "MemorySanitizer: use-of-uninitialized-value", "undefined": "runtime error: signed integer overflow"}
WAITED = [("late-free", "tank_close", ["tank_hold"]), ("repeat-free", "tank_close", []), ("late-op", "tank_level", [])]
DEFERRED = [WAITED[0], WAITED[2]]


@dataclasses.dataclass
class Build:
    """A program and its library."""
    compiler: str
    sanitizer: str
    program: tuple = () # flags of the program alone
    library: bool = True # whether the library is built with the sanitizer too

    def __str__(self):
        return " ".join((self.compiler, self.sanitizer, *self.program))

    def make(self, folder):
        """Builds both in a folder; the path of the program."""
        flags = ["-g", "-O1", "-Wall", "-Werror", "-pthread"]
        sanitize = [f"-fsanitize={self.sanitizer}"]
        self.compile(*flags, *(sanitize + list(self.program) if self.library else []), "-fPIC", "-shared", "-o",
                     folder / "libtank.so", HERE / "tank.c")
        self.compile(*flags, *sanitize, *self.program, "-o", folder / "main", HERE / "main.c", "-L", folder, "-ltank",
                     f"-Wl,-rpath,{folder}")
        return folder / "main"

    def compile(self, *arguments):
        """Runs the compiler."""
        subprocess.run([self.compiler, *arguments], check=True)


# Newer compilers hold what a function returns to be used, where older ones handed it on.
HANDED_ON = ("-fno-sanitize-memory-param-retval",)
BUILDS = [Build("gcc", "address"), Build("gcc", "address", ("-static-libasan",), False), Build("gcc", "thread"),
          Build("gcc", "thread", ("-static-libtsan",), False), Build("gcc", "undefined"), Build("clang", "address"),
          Build("clang", "address", ("-shared-libasan",)), Build("clang", "thread"), Build("clang", "memory", HANDED_ON),
          Build("clang", "undefined")]


class Sanitizers(support.CommandLineTest):
    @classmethod
    def setUpClass(cls):
        where = subprocess.run(["clang", "-print-resource-dir"], check=True, capture_output=True, text=True).stdout
        cls.libraries = pathlib.Path(where.strip()) / "lib/linux"

    @contextlib.contextmanager
    def built(self, build):
        """A part of a test: the program of one build."""
        with self.subTest(str(build)):
            folder = self.folder / str(build).replace(" ", "")
            folder.mkdir()
            yield build.make(folder)

    def guarded(self, program, *options, **environment):
        """Runs it: how it ended, and what the guard reports: kind, function and ops in flight of each finding."""
        path = self.folder / "report.json"
        path.unlink(missing_ok=True)
        result = self.handleguard("run", "-m", MANIFEST, "--format=json", "--report", path, *options[1:], "--", program,
                                  *options[:1], env={"LD_LIBRARY_PATH": self.libraries} | environment)
        self.assertTrue(path.exists(), result.stderr)
        findings = support.json.loads(path.read_text(encoding="utf-8"))["findings"]
        return result, [(each["kind"], each["function"], [op["function"] for op in each["in_flight"]])
                        for each in findings]

    def assert_silent(self, result):
        """The program came to its end, and no sanitizer had anything to say."""
        self.assertEqual(result.stdout, "done\n", result.stderr)
        self.assertNotIn("Sanitizer", result.stderr)
        self.assertNotIn("runtime error", result.stderr)

    def test_what_the_guard_holds_apart_is_no_fault(self):
        for build in BUILDS:
            with self.built(build) as program:
                result, findings = self.guarded(program)
                self.assert_silent(result)
                self.assertEqual(findings, WAITED)

    def test_both_tools_report(self):
        for build in BUILDS:
            with self.built(build) as program:
                result, findings = self.guarded(program, "fault")
                self.assertIn(FAULTS[build.sanitizer], result.stderr)
                self.assertEqual(findings, WAITED)

    def test_a_free_that_is_left_to_an_op_is_no_fault(self):
        for build in BUILDS:
            with self.built(build) as program:
                result, findings = self.guarded(program, "defers", "--drain=defer")
                self.assert_silent(result)
                self.assertEqual(findings, DEFERRED)

    def test_a_free_comes_after_no_op_but_those_that_it_waited_for(self):
        for build in [each for each in BUILDS if each.sanitizer == "thread" and each.library]:
            with self.built(build) as program:
                result, findings = self.guarded(program, "labelled")
                self.assertEqual(findings, WAITED)
                self.assertEqual(result.stderr.count("WARNING: ThreadSanitizer: data race"), 1, result.stderr)
                self.assertRegex(result.stderr, "(?s)Write of .*tank_close.*Previous write .*tank_label")

    def test_a_jump_out_of_an_op_goes_through_the_sanitizer(self):
        for build in BUILDS:
            with self.built(build) as program:
                result, findings = self.guarded(program, "jumps")
                self.assert_silent(result)
                self.assertEqual(findings, [("abandoned", "tank_call", [])])

    def test_the_users_own_options_stay(self):
        with self.built(BUILDS[0]) as program:
            result, _ = self.guarded(program, "fault", ASAN_OPTIONS="exitcode=41")
            self.assertEqual(result.returncode, 41, result.stderr)


if __name__ == "__main__":
    unittest.main()
