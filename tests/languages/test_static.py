"""Programs that are fully static, with the runtime inside by an archive of `handleguard manifest link --static`: of the GNU C
library and of musl, in C, Go and Rust."""
import os
import subprocess
import sys
import unittest

import languages
import support

HERE = languages.HERE / "link"
PUMP = HERE / "pump.yaml"
SQLITE = support.SOURCE / "tools/manifests/sqlite3.yaml"


class StaticTest(languages.LanguageTest):
    def link(self, manifest, *options, compiler="gcc"):
        """What a compiler is to be told, but for the library."""
        guards = self.folder / "guards"
        self.build(support.PROGRAM, "manifest", "link", manifest, "--static", "-o", guards, *options, CC=compiler)
        return f"-Wl,@{guards}/{manifest.stem}.link", guards / f"libhandleguard-{manifest.stem}.a"

    def archive(self, sources, *flags, name, compiler="gcc"):
        objects = [self.folder / f"{source.stem}.o" for source in sources]
        for source, made in zip(sources, objects):
            self.build(compiler, "-O2", "-c", *flags, source, "-o", made)
        self.build("ar", "rcs", self.folder / name, *objects)
        return self.folder / name

    def runs_alone(self, *command):
        """It runs without handleguard, too."""
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "done\n", ""))

    def run_report(self, manifest, *command, status=0):
        told, report = self.report("-m", manifest, "--require-coverage", "--drain=defer", "--", *command)
        self.assertEqual(told, status)
        return report


class Static(StaticTest):
    calls = {"pump_open": 20, "pump_start": 20, "pump_push": 20, "pump_flush": 0, "pump_close": 20}

    def pumping(self, apart=True, compiler="gcc", flags=()):
        """`apart`: the library's archive is written anew."""
        library = self.archive([HERE / "pump.c", HERE / "push.c"], f"-I{HERE}", name="libpump.a", compiler=compiler)
        options, archive = self.link(PUMP, *(("--library", library) if apart else ()), compiler=compiler)
        program = self.folder / "pumping"
        self.build(compiler, "-O2", "-static", *flags, f"-I{HERE}", options, "-o", program, HERE / "pumping.c", archive,
                   *([self.folder / "guards/libpump.a"] if apart else [library, archive]), "-lpthread")
        return program

    def assert_quiet(self, program):
        report = self.run_report(PUMP, program)
        recording, = report["recordings"]
        called = {each["function"]: each["calls"] for each in recording["coverage"]}
        self.assertEqual((report["findings"], called), ([], self.calls))

    def test_what_a_library_calls_itself_on_its_thread_is_its_own_affair_though_all_is_stripped(self):
        program = self.pumping()
        self.runs_alone(program)
        self.assert_quiet(program)
        self.build("strip", program)
        self.assert_quiet(program)

    def test_or_is_told_by_the_symbol_table(self):
        self.assert_quiet(self.pumping(apart=False))

    def test_the_c_library_may_be_musl(self):
        program = self.pumping(compiler="musl-gcc")
        self.runs_alone(program)
        self.assert_quiet(program)

    def test_the_doctor_knows_of_it(self):
        program = self.pumping()
        self.build("strip", program)
        result = self.handleguard("doctor", "-m", PUMP, "--", program, env={"COLUMNS": "1000"})
        said = " ".join(result.stdout.split())
        self.assertIn(f"{program} is statically linked, with the guards of this version inside", said)
        self.assertIn("was linked with wrappers for 4 of 5 functions, whose calls will be seen", said)
        self.assertRegex(self.handleguard("manifest", "link", PUMP, "--check", program).stdout, "calls of 4 of 5 functions")

    def test_what_does_not_come_by_a_wrapper_the_doctor_tells(self):
        """Nothing is rewritten in such a program: here another manifest's functions."""
        other = self.folder / "other.yaml"
        other.write_text(PUMP.read_text(encoding="utf-8").replace("pump_flush:", "pump_note:"), encoding="utf-8")
        result = self.handleguard("doctor", "-m", other, "--", self.pumping(), env={"COLUMNS": "1000"})
        self.assertRegex(" ".join(result.stdout.split()), "problem.* defines 1 of 5 functions itself")


class Builds(StaticTest):
    """With other tools, and with a library of the world."""

    def assert_steps(self, program):
        self.runs_alone(program)
        report = self.run_report(SQLITE, program)
        self.assertEqual(report["findings"], [])
        self.assertEqual([each["clean_exit"] for each in report["recordings"]], [True, True])
        statements = [[handles["created"], handles["freed"]] for recording in report["recordings"]
                      for handles in recording["handles"] if handles["class"] == "stmt"]
        self.assertEqual(sorted(statements), [[20, 20], [80, 80]])
        race, = self.run_report(SQLITE, program, "race", status=97)["findings"]
        self.assertEqual(self.summary(race), ("late-free", "sqlite3_finalize", ["sqlite3_step"]))
        jump, = self.run_report(SQLITE, program, "jump", status=97)["findings"]
        self.assertEqual((jump["kind"], jump["call"]["function"]), ("abandoned", "sqlite3_step"))
        return race

    def stepping(self, library, *flags, compiler="gcc"):
        options, archive = self.link(SQLITE, "--library", library, compiler=compiler)
        program = self.folder / "stepping"
        self.build(compiler, "-O2", "-g", "-static", *flags, options, "-o", program, HERE / "stepping.c", archive,
                   self.folder / "guards/libsqlite3.a", "-lm", "-lpthread")
        return program

    def test_sqlite(self):
        library = subprocess.run(["gcc", "-print-file-name=libsqlite3.a"], capture_output=True, text=True, check=True).stdout
        race = self.assert_steps(self.stepping(library.strip()))
        self.assertEqual([frame["function"] for frame in race["call"]["stack"][:2]], ["race", "main"])
        self.assertEqual(race["in_flight"][0]["stack"][0]["function"], "step")

    def static_gate(self, compiler="gcc"):
        sources = [languages.INCLUDE / f"{name}.c" for name in ("gate", "box", "organs")]
        library = self.archive(sources, f"-I{languages.INCLUDE}", name="libgate.a", compiler=compiler)
        return *self.link(languages.MANIFEST, "--library", library, compiler=compiler), self.folder / "guards/libgate.a"

    def test_go(self):
        options, archive, within = self.static_gate()
        program = self.folder / "cancel"
        self.build("go", "build", f"-ldflags=-s -w -linkmode=external -extldflags '-static {options} {archive} {within}'",
                   "-o", program, languages.HERE / "go/cancel.go", GOFLAGS="-mod=mod", CGO_ENABLED="1",
                   CGO_CFLAGS=f"-I{languages.INCLUDE}", CGO_LDFLAGS=f"{archive} {within}")
        self.assert_late_free(program)

    def test_rust_of_musl(self):
        target = f"{os.uname().machine}-unknown-linux-musl"
        installed = subprocess.run(["rustc", "--print", "target-libdir", "--target", target], capture_output=True, text=True,
                                   check=False).stdout.strip()
        if not installed or not os.path.isdir(installed):
            self.skipTest(f"the Rust compiler has no {target}")
        options, archive, within = self.static_gate("musl-gcc")
        program = self.folder / "late_drop"
        arguments = [f"-Clink-arg={word}" for word in (options, archive, within, "-lc", "-lgcc")]
        self.build("rustc", "--edition=2021", "--target", target, "-Crelocation-model=static", "-Cstrip=symbols",
                   "-L", self.folder / "guards", *arguments, "-o", program, languages.HERE / "rust/late_drop.rs",
                   RUSTC_BOOTSTRAP="1")
        self.assert_late_free(program)


if __name__ == "__main__":
    if not (support.PROGRAM.parent.parent / "lib/handleguard-inside.o").exists():
        print("this handleguard was built without libunwind.a")
        sys.exit(77)
    unittest.main()
