"""Why calls were or were not seen: the report's coverage, and --require-coverage."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import BIN, SOURCE, STATEMENT, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
TABLES = SOURCE / "tests/cli/box/box_tables.yaml"
LIBRARY = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "box/libbox.so.1"
SYMBOLIC = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "box_symbolic/libbox.so.1"
INLINED = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "libbox_inlined.so"
BINDING = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "libbox_binding.so"
NOTHING = ("handleguard run: NOTHING WAS COVERED: neither the program nor a child of it was seen to call a guarded "
           "function: ")


class Reach(CommandLineTest):
    def reach(self, program, *manifests):
        """What the report says of each function: its reach, and the object that this is about."""
        arguments = [word for manifest in manifests or (BOX,) for word in ("-m", manifest)]
        status, report = self.report(*arguments, "--", program)
        self.assertEqual(status, 0, report)
        (recording,) = report["recordings"]
        return {entry["function"]: (entry["reach"], entry["object"] and os.path.realpath(entry["object"]))
                for entry in recording["coverage"]}

    def text(self, program, *manifests):
        arguments = [word for manifest in manifests or (BOX,) for word in ("-m", manifest)]
        result = self.handleguard("run", *arguments, "--", program)
        self.assertEqual(result.returncode, 0, result.stderr)
        return " ".join(result.stderr.split())

    def test_called_and_never_called(self):
        reach = self.reach(BIN / "cli_box")
        self.assertEqual(reach["box_use"], ("called", None))
        self.assertEqual(reach["box_peek"][0], "never-called")  # but by the library itself

    def test_never_called(self):
        self.assertEqual(self.reach(STATEMENT, "sqlite3")["sqlite3_blob_open"][0], "never-called")
        self.assertIn(" never called: ", self.text(STATEMENT, "sqlite3"))

    def test_library_not_loaded(self):
        self.assertEqual(set(self.reach(STATEMENT, "sqlite3", BOX)[f"box_{name}"]
                             for name in ("open", "use", "peek", "close")), {("not-loaded", None)})
        self.assertIn(" in no library of the process: ", self.text(STATEMENT, "sqlite3", BOX))

    def test_defined_in_the_executable(self):
        program = BIN / "cli_box_peek"
        self.assertEqual(self.reach(program)["box_peek"], ("in-executable", str(program)))
        text = self.text(program)
        self.assertIn("4 guarded: 3 bound, 3 called, 0 never called, 0 missing, 1 out of sight", text)
        self.assertIn(f"defined in the program itself ({program}), whose calls are not seen: box_peek", text)

    def test_in_the_program_with_a_symbol_table(self):
        reach = self.reach(BIN / "cli_box_inside")
        self.assertEqual({name: reach[name][0] for name in reach}, dict.fromkeys(reach, "called") | {"box_peek": "never-called"})

    def test_used_by_a_thread_of_its_constructor_while_it_is_loaded(self):
        for _ in range(3):
            status, report = self.report("-m", BOX, "--", BIN / "cli_box_threads")
            (recording,) = report["recordings"]
            (boxes,) = recording["handles"]
            self.assertEqual((status, report["findings"]), (0, []))
            self.assertGreater(boxes["created"], 900)
            self.assertEqual(boxes["created"] + boxes["adopted"], boxes["freed"])

    def test_handed_out_in_a_table(self):
        """What the library calls by its own table is its own business."""
        reach = self.reach(BIN / "cli_box_table")
        self.assertEqual({name: reach[name][0] for name in reach}, dict.fromkeys(reach, "called") | {"box_peek": "never-called"})
        self.assertIn("calls 3 guarded", self.text(BIN / "cli_box_table"))

    def test_handed_out_in_a_table_that_the_manifest_tells_of(self):
        for library in "table", "table_stripped":
            with self.subTest(library):
                status, report = self.report("-m", TABLES, "--", BIN / f"cli_box_{library}")
                (recording,) = report["recordings"]
                coverage = {entry["function"]: entry for entry in recording["coverage"]}
                self.assertEqual((status, coverage.pop("box_functions")["role"]), (0, "table"))
                self.assertEqual({name: (entry["reach"], entry["by_table"]) for name, entry in coverage.items()},
                                 dict.fromkeys(coverage, ("called", True)) | {"box_peek": ("never-called", True)})
                text = self.text(BIN / f"cli_box_{library}", TABLES)
                self.assertIn("5 guarded: 5 bound, 4 called, 1 never called, 0 missing", text)
                self.assertIn("handed out in a table: box_close, box_open, box_peek, box_use", text)
                self.assertIn("calls 4 guarded", text)

    def test_a_late_use_by_a_table(self):
        for manifest, library in (BOX, "table"), (TABLES, "table"), (TABLES, "table_stripped"):
            with self.subTest((manifest, library)):
                status, report = self.report("-m", manifest, "--", BIN / f"cli_box_{library}", "late")
                self.assertEqual((status, [(told["kind"], told["function"]) for told in report["findings"]]),
                                 (97, [("late-op", "box_use")]))

    def test_used_only_inside_a_symbolic_library(self):
        program = BIN / "cli_box_symbolic"
        self.assertEqual(self.reach(program)["box_peek"], ("passed-by", str(SYMBOLIC.resolve())))
        self.assertRegex(self.text(program), r"used only inside \S+/libbox.so.1, which is linked with -Bsymbolic: not "
                         "seen: box_peek")

    def test_linked_into_the_binding_that_uses_it(self):
        binding = str(BINDING.resolve())
        self.assertEqual(self.reach(BIN / "cli_box_bound"),
                         {f"box_{name}": ("linked-in", binding) for name in ("open", "use", "peek", "close")})
        text = self.text(BIN / "cli_box_bound")
        self.assertRegex(text, r"4 guarded: \d bound, 0 called, 0 never called, 0 missing, 4 out of sight")
        self.assertIn(f"linked into {BINDING}, whose calls are not seen: box_close, box_open, box_peek, box_use", text)
        self.assertIn("NONE: not one call was guarded", text)

    def test_linked_into_the_binding_but_told_from_it(self):
        """By the symbol table. What nobody called was never called."""
        reach = self.reach(BIN / "cli_box_told")
        self.assertEqual({name: reach[name][0] for name in reach}, dict.fromkeys(reach, "called") | {"box_peek": "never-called"})
        self.assertIn("4 guarded: 3 bound, 3 called, 1 never called, 0 missing", self.text(BIN / "cli_box_told"))

    def test_the_library_under_another_name(self):
        reach = self.reach(BIN / "cli_box_renamed")
        self.assertEqual({name: reach[name][0] for name in reach},
                         dict.fromkeys(reach, "called") | {"box_peek": "never-called"})

    def test_a_plugin_loaded_after_the_start_is_in_the_map(self):
        self.assertEqual(self.reach(BIN / "cli_box_host")["box_peek"], ("never-called", str(LIBRARY.resolve())))


class LinkedIn(CommandLineTest):
    """How functions are reached whose library is linked into the program."""
    def record(self, program):
        """The recordings of a run of a copy of the program, which can be changed afterwards."""
        copy, folder = self.folder / "program", self.folder / "recordings"
        shutil.copy(program, copy)
        self.handleguard("run", "-m", BOX, "-o", folder, "--report", self.folder / "report", "--", copy)
        return copy, folder

    def reached(self, folder):
        report = json.loads(self.handleguard("report", "--format=json", folder).stdout)
        (recording,) = report["recordings"]
        return {entry["function"]: entry["linked_in"] for entry in recording["coverage"]}

    def text(self, folder):
        return " ".join(self.handleguard("report", folder).stdout.split())

    def test_by_references(self):
        program, folder = self.record(BIN / "cli_box_inside")
        reached = self.reached(folder)
        self.assertEqual({each.pop("object") for each in reached.values()}, {str(program)})
        self.assertEqual({name: (each["references"], each["led"], each["clones"]) for name, each in reached.items()},
                         {"box_close": (1, 1, 0), "box_open": (1, 1, 0), "box_peek": (0, 0, 0), "box_use": (1, 1, 0)})
        self.assertEqual({each["approximate"] for each in reached.values()}, {False})
        self.assertIn(f"linked into {program}: of 3 references to functions of the library outside it 3 are led to guards",
                      self.text(folder))

    def test_as_parts_of_others(self):
        program, folder = self.record(BIN / "cli_box_one_2")
        reached, text = self.reached(folder), self.text(folder)
        copies = reached["box_use"]["inlined"]
        self.assertGreaterEqual(copies, 1)
        self.assertRegex(text, rf"{copies} inlined cop(y|ies) of box_use[^:]* in {program} (is|are) not seen: the numbers of "
                         "calls are approximate")
        self.assertEqual(reached["box_peek"]["clones"], 1)
        self.assertIn(f"1 call of a copy that the compiler has made of box_peek in {program} is not seen", text)

    def test_that_it_is_not_known_how_often(self):
        program, folder = self.record(BIN / "cli_box_one_0")
        self.assertEqual({each["inlined"] for each in self.reached(folder).values()}, {None})
        self.assertIn(f"{program} has no debugging information, so that it is not known how often", self.text(folder))

    def test_in_several_processes_together(self):
        folder = self.folder / "many"
        program = BIN / "cli_box_inside"
        self.handleguard("run", "-m", BOX, "-o", folder, "--", "sh", "-c", f"{program}; " * 7 + "true")
        self.assertEqual(self.text(folder).count(f"linked into {program}: of 3 references"), 1)

    def test_of_a_program_that_is_another_by_now(self):
        """As the process has counted, which has led to guards what refers to three of the four."""
        program, folder = self.record(BIN / "cli_box_inside")
        for change in lambda: shutil.copy(BIN / "cli_box_one_2", program), program.unlink:
            change()
            reached = self.reached(folder)
            self.assertIsNone(reached.pop("box_peek"))
            self.assertEqual(list(reached.values()), 3 * [{"object": str(program), "references": None, "led": 1, "inlined": None,
                                                           "clones": None, "approximate": False}])
            self.assertIn(f"linked into {program}, whose file is gone: the process has led 3 references to functions of the library "
                          "outside it to guards", self.text(folder))

    def test_in_several_processes_whose_program_is_gone(self):
        program, folder = self.folder / "program", self.folder / "many"
        shutil.copy(BIN / "cli_box_inside", program)
        self.handleguard("run", "-m", BOX, "-o", folder, "--", "sh", "-c", f"{program}; " * 7 + "true")
        program.unlink()
        self.assertEqual(self.text(folder).count(f"linked into {program}, whose file is gone: the process has led 3 references"), 1)

    def test_by_places_where_no_source_files_are_named(self):
        stripped = self.folder / "stripped"
        subprocess.run(["strip", "--strip-debug", "-o", stripped, BIN / "cli_box_inside"], check=True)
        program, folder = self.record(stripped)
        reached = self.reached(folder)
        self.assertEqual({name: (each["references"], each["led"], each["approximate"]) for name, each in reached.items()},
                         {"box_close": (1, 1, True), "box_open": (1, 1, True), "box_peek": (0, 0, True), "box_use": (1, 1, True)})
        self.assertIn(f"which functions of {program} are the library's is known but approximately", self.text(folder))
        doctor = self.handleguard("doctor", "-m", BOX, "--", program)
        self.assertIn("or the names of source files in it", " ".join(doctor.stdout.split()))

    def test_what_is_compiled_with_the_library_is_left_alone(self):
        """It may rely on registers that a function leaves alone, and guards do not: here the free's argument."""
        script = f"import ctypes; module = ctypes.CDLL('{INLINED}'); assert all(module.PyInit_inlined() == 50 for _ in range(50))"
        status, report = self.report("-m", BOX, "--", "/usr/bin/python3", "-c", script)
        (recording,) = report["recordings"]
        reached = {entry["function"]: entry["linked_in"] for entry in recording["coverage"]}
        self.assertEqual((status, report["findings"], recording["calls"]), (0, [], 0))
        self.assertEqual({name: (each["references"], each["led"], each["inlined"]) for name, each in reached.items()},
                         {"box_close": (1, 0, 0), "box_open": (0, 0, 1), "box_peek": (0, 0, 0), "box_use": (1, 0, 0)})
        self.assertEqual(recording["counters"]["references-left"], 2)
        self.assertNotIn("never-called", [entry["reach"] for entry in recording["coverage"]])

    def test_of_a_library_of_its_own(self):
        _, folder = self.record(BIN / "cli_box")
        self.assertEqual(set(self.reached(folder).values()), {None})


class Fit(CommandLineTest):
    """How a manifest fits the library that the process has."""
    LACKS = (f"the manifest other names functions that {LIBRARY} does not have: box_pekk (did you mean box_peek?); say "
             "'since' or 'optional' there of what only other versions have\n")

    def changed(self, old, new):
        path = self.folder / "other.yaml"
        path.write_text(BOX.read_text("utf-8").replace(old, new), encoding="utf-8")
        return path

    def test_a_function_that_the_library_lacks(self):
        manifest = self.changed("box_peek:", "box_pekk:")
        for options, status in ((), 0), (("--require-coverage",), 125):
            result = self.handleguard("run", "-m", manifest, *options, "--", BIN / "cli_box")
            self.assertEqual(result.returncode, status, result.stderr)
            self.assertIn("handleguard run: " + self.LACKS, result.stderr)
            self.assertIn(f"missing in {LIBRARY}, which the manifest is for: box_pekk", " ".join(result.stderr.split()))

    def test_a_function_that_it_may_lack(self):
        manifest = self.changed("box_peek:  {", "box_pekk: {optional: true, ")
        result = self.handleguard("run", "-m", manifest, "--require-coverage", "--", BIN / "cli_box")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("in no library of the process: box_pekk", " ".join(result.stderr.split()))

    def test_functions_that_the_manifest_does_not_name(self):
        manifest, folder = self.changed("[box_look]", "[]"), self.folder / "kept"
        twice = ("sh", "-c", f"{BIN}/cli_box; {BIN}/cli_box; true")
        result = self.handleguard("run", "-m", manifest, "-o", folder, "--", *twice)
        self.assertIn(f"used, but not named by the manifest other, 1 of {LIBRARY}: box_look", " ".join(result.stderr.split()))
        # The recording keeps it: the library need not be there.
        result = self.handleguard("report", "--sysroot", self.folder, "--read-only", "--format=json", folder)
        recordings = json.loads(result.stdout)["recordings"]
        self.assertEqual(len(recordings), 2)
        for recording in recordings:
            (told,) = recording["manifests"]
            self.assertEqual((told["name"], [each["function"] for each in told["unnamed"]]), ("other", ["box_look"]))
            self.assertEqual(told["unnamed"][0]["used_by"], str(BIN / "cli_box"))

    def test_another_text_of_the_manifest(self):
        one, two, three = (self.folder / name for name in ("one", "two", "three"))
        for folder, text in (one, "# one\n"), (two, "# two\n"), (three, "# two\n"):
            manifest = self.changed("handleguard:", text + "handleguard:")
            self.handleguard("run", "-m", manifest, "-o", folder, "--", BIN / "cli_box")
        self.assertRegex(self.handleguard("report", one, two).stderr, r"the manifest other was not the same in all "
                         r"recordings \([0-9a-f]{16} in \S+, [0-9a-f]{16} in \S+\)")
        self.assertEqual(self.handleguard("report", two, three).stderr, "")


class Plugin(CommandLineTest):
    OPENER, PLUGIN = (pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / f"libbox_{name}.so"
                      for name in ("opener", "plugin"))

    def entries(self, how):
        _, report = self.report("-m", BOX, "--", BIN / "cli_box_host", how, self.OPENER)
        return {entry["function"]: entry for entry in report["recordings"][0]["coverage"]}

    def test_that_finds_its_own_libraries_first(self):
        entries = self.entries("deep")
        self.assertEqual((entries["box_open"]["calls"], entries["box_open"]["reach"]), (2, "called"))
        self.assertEqual((entries["box_use"]["calls"], entries["box_use"]["reach"]), (1, "called"))

    def test_in_a_namespace_of_its_own(self):
        entries = self.entries("apart")
        self.assertEqual((entries["box_open"]["calls"], entries["box_open"]["reach"]), (1, "called"))
        self.assertEqual((entries["box_use"]["calls"], entries["box_use"]["reach"]), (0, "never-called"))
        result = self.handleguard("run", "-m", BOX, "--", BIN / "cli_box_host", "apart", self.OPENER)
        self.assertIn("namespaces 1: loads into namespaces of their own (dlmopen), where calls are not seen",
                      " ".join(result.stderr.split()))


class NothingCovered(CommandLineTest):
    def assert_because(self, why, *command):
        for options, status in ((), 0), (("--require-coverage",), 125):
            result = self.handleguard("run", "-m", BOX, *options, "--", *command)
            self.assert_fails(result, status, NOTHING + why)

    def test_never_called(self):
        self.assert_because("it loads a library that defines them, but called none of them", BIN / "cli_box", "idle")

    def test_defined_in_the_executable(self):
        self.assert_because("the program defines the functions itself, so that its calls pass the guards by",
                            BIN / "cli_box_own")

    def test_library_not_loaded(self):
        self.assert_because("no library of the program defines the functions, and it cannot load others",
                            BIN / "cli_box_none")

    def test_plugin_in_a_namespace_of_its_own(self):
        self.assert_because("no library that it loads at its start defines them, and nothing that it loaded or started "
                            "later called them where guards can see it (static linking and dlmopen hide calls)",
                            BIN / "cli_box_host", "apart")


class RequireCoverage(CommandLineTest):
    def test_covered(self):
        result = self.handleguard("run", "-m", BOX, "--require-coverage", "--", BIN / "cli_box")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_one_manifest_is_not_covered(self):
        result = self.handleguard("run", "-m", BOX, "-m", "sqlite3", "--require-coverage", "--report",
                                  self.folder / "report", "--", STATEMENT)
        self.assert_fails_after_output(result, "handleguard run: not one call of the functions of box was seen: no "
                                       "library of the process defines them")

    def test_the_programs_own_status_wins(self):
        result = self.handleguard("run", "-m", BOX, "--require-coverage", "--", "sh", "-c", "exit 42")
        self.assertEqual(result.returncode, 42)

    def test_statuses_of_run_and_report_differ(self):
        # What ran may have ended with 1 or 2 itself; a report runs nothing.
        folder = self.folder / "recordings"
        result = self.run_command("-o", folder, "--", STATEMENT, "twice")
        self.assertEqual((result.returncode, self.handleguard("report", folder).returncode), (97, 1))

    def test_linked_into_the_binding_that_uses_it(self):
        result = self.handleguard("run", "-m", BOX, "--require-coverage", "--report", self.folder / "report", "--",
                                  BIN / "cli_box_bound")
        self.assertEqual(result.returncode, 125, result.stderr)
        self.assertIn("handleguard run: not one call was guarded, so that this run proves nothing about the guarded "
                      f"functions: they are linked into {BINDING}, so that its calls pass the guards by\n", result.stderr)

    def test_nothing_at_all(self):
        result = self.handleguard("run", "-m", BOX, "--require-coverage", "--", BIN / "cli_box", "idle")
        self.assert_fails(result, 125, NOTHING + "it loads a library that defines them, but called none of them")

    def test_of_a_report(self):
        folder = self.folder / "recordings"
        self.handleguard("run", "-m", BOX, "-m", "sqlite3", "-o", folder, "--", STATEMENT)
        self.assertEqual(self.handleguard("report", folder).returncode, 0)
        result = self.handleguard("report", "--require-coverage", folder)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr, "handleguard report: not one call of the functions of box was seen: no library "
                         "of the process defines them\n")

    def assert_fails_after_output(self, result, sentence):
        self.assertRegex(result.stderr, rf"^handleguard: 0 findings in 1 recording; report in .*\n{re.escape(sentence)}\n$")
        self.assertEqual(result.returncode, 125)


if __name__ == "__main__":
    unittest.main()
