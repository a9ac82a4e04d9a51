"""Programs that have their library linked in by an archive of `handleguard manifest link`: built by CMake, Go and Rust, stripped
or not; and what is no good, gcc's link time optimization, is told."""
import subprocess
import unittest

import languages
import support

HERE = languages.HERE / "link"


class LinkTest(languages.LanguageTest):
    def link(self, manifest):
        self.build(support.PROGRAM, "manifest", "link", manifest, "-o", self.folder / "guards")
        return f"-Wl,@{self.folder}/guards/{manifest.stem}.link", self.folder / f"guards/libhandleguard-{manifest.stem}.a"

    def check(self, manifest, program):
        return self.handleguard("manifest", "link", manifest, "--check", program)


class Builds(LinkTest):
    """What builds programs: the library stands behind the archive that needs it."""

    def static_gate(self):
        sources = [languages.INCLUDE / f"{name}.c" for name in ("gate", "box", "organs")]
        for source in sources:
            self.build("gcc", "-O2", "-c", f"-I{languages.INCLUDE}", source, "-o", self.folder / f"{source.stem}.o")
        archive = self.folder / "libgate.a"
        self.build("ar", "rcs", archive, *(self.folder / f"{source.stem}.o" for source in sources))
        return archive

    def test_cmake(self):
        self.link(languages.MANIFEST)
        build = self.folder / "build"
        self.build("cmake", "-S", HERE, "-B", build, f"-DGATE={languages.INCLUDE}", f"-DGUARDS={self.folder}/guards")
        self.build("cmake", "--build", build)
        program = build / "linked"
        self.assertEqual(subprocess.run([program], capture_output=True, text=True, check=True).stdout, "done\n")
        for strip in False, True:
            if strip:
                self.build("strip", program)
            self.assert_late_free(program)
        self.assertRegex(self.check(languages.MANIFEST, program).stdout, r": calls of 3 of \d+ functions of 'gate' lead through")

    def test_go(self):
        options, archive = self.link(languages.MANIFEST)
        within = self.static_gate()
        program = self.folder / "cancel"
        self.build("go", "build", f"-ldflags=-s -w -linkmode=external -extldflags '{options} {archive} {within}'", "-o", program,
                   languages.HERE / "go/cancel.go", GOFLAGS="-mod=mod", CGO_ENABLED="1", CGO_CFLAGS=f"-I{languages.INCLUDE}",
                   CGO_LDFLAGS=str(within))
        self.assert_late_free(program)

    def test_rust(self):
        options, archive = self.link(languages.MANIFEST)
        within = self.static_gate()
        program = self.folder / "late_drop"
        arguments = [f"-Clink-arg={word}" for word in (options, archive, within)]
        self.build("rustc", "--edition=2021", "-Cstrip=symbols", "-L", self.folder, *arguments, "-o", program,
                   languages.HERE / "rust/late_drop.rs", RUSTC_BOOTSTRAP="1")
        self.assert_late_free(program)


class Link(LinkTest):
    def pumping(self, *flags):
        options, archive = self.link(HERE / "pump.yaml")
        program = self.folder / "pumping"
        self.build("gcc", "-O2", *flags, f"-I{HERE}", options, "-o", program,
                   *(HERE / f"{name}.c" for name in ("pumping", "pump", "push")), archive, "-lpthread")
        return program

    def test_what_a_library_calls_itself_is_its_own_affair(self):
        """Also in its free, and on a thread that it starts."""
        status, report = self.report("-m", HERE / "pump.yaml", "--require-coverage", "--", self.pumping())
        recording, = report["recordings"]
        calls = {each["function"]: each["calls"] for each in recording["coverage"]}
        self.assertEqual((status, report["findings"]), (0, []))
        self.assertEqual(calls, {"pump_open": 20, "pump_start": 20, "pump_push": 20, "pump_flush": 0, "pump_close": 20})

    def test_the_doctor_knows_of_it(self):
        program = self.pumping()
        doctor = "doctor", "-m", HERE / "pump.yaml", "--", program
        seen = f"pump: {program} was linked with wrappers for 5 of 5 functions, whose calls will be seen"
        result = self.handleguard(*doctor, env={"COLUMNS": "1000"})
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn(seen, " ".join(result.stdout.split()))
        self.build("strip", program)
        self.assertIn(seen + "; as it is stripped", " ".join(self.handleguard(*doctor).stdout.split()))

    def test_what_was_not_called_is_told_of_a_stripped_program_too(self):
        program = self.pumping()
        self.build("strip", program)
        _, report = self.report("-m", HERE / "pump.yaml", "--", program)
        flush, = (each for each in report["recordings"][0]["coverage"] if each["function"] == "pump_flush")
        self.assertEqual((flush["calls"], flush["reach"]), (0, "never-called"))

    def test_link_time_optimization_that_leaves_the_wrappers_out_is_told(self):
        result = self.check(HERE / "pump.yaml", self.pumping("-flto"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("pumping: no call leads through the archive; link with", result.stdout)


if __name__ == "__main__":
    unittest.main()
