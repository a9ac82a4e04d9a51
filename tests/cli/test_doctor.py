"""`handleguard doctor`: what will be seen of a program, said before it runs."""
import json
import os
import pathlib
import shutil
import unittest

from support import BIN, SOURCE, STATEMENT, STATIC, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
FUNCTIONS = ["box_close", "box_open", "box_peek", "box_use"]
NAMES = ", ".join(FUNCTIONS)
LIBRARY = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "box/libbox.so.1"
SYMBOLIC = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "box_symbolic/libbox.so.1"
BINDING = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "libbox_binding.so"
TABLE = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "box_table/libbox.so.1"
TOLD = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "libbox_told.so"
COVERED, NOTHING, UNKNOWN = 0, 1, 2
VERDICTS = ("covered", "nothing", "unknown")
LATER = ("no library that the program loads at its start defines the functions; those that it loads later, and the "
         "programs that it starts, are not known")


class DoctorTest(CommandLineTest):
    def ask(self, *words, manifests=(BOX,), **keywords):
        """Its exit status and its answer, which has what the schema asks for."""
        options = [word for manifest in manifests for word in ("-m", manifest)]
        result = self.handleguard("doctor", "--format=json", *options, *words, **keywords)
        self.assertIn(result.returncode, (0, 1, 2), result.stderr)
        answer = json.loads(result.stdout)
        schema = json.loads((BIN / "../share/handleguard/doctor.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(set(answer), set(schema["required"]))
        for key in ("functions", "remarks"):
            described = schema["properties"][key]["items"]
            for entry in answer[key]:
                self.assertEqual(set(entry), set(described["required"]))
                for name, value in entry.items():
                    self.assertIn(value, described["properties"][name].get("enum", [value]))
        self.assertEqual(answer["verdict"], VERDICTS[result.returncode])
        self.assert_leaves_nothing()
        return result.returncode, answer

    def remarks(self, answer, about="functions"):
        return [(remark["level"], remark["text"]) for remark in answer["remarks"] if remark["about"] == about]

    def reach(self, answer):
        return {entry["function"]: entry["reach"] for entry in answer["functions"]}


class Functions(DoctorTest):
    def test_of_a_library_that_is_loaded(self):
        status, answer = self.ask("--", BIN / "cli_box")
        self.assertEqual((status, answer["why"]), (COVERED, "calls of 4 of the 4 functions will be seen"))
        self.assertEqual(self.reach(answer), dict.fromkeys(FUNCTIONS, "seen"))
        self.assertEqual(self.remarks(answer),
                         [("ok", f"box: {LIBRARY} defines 4 of 4 functions, whose calls will be seen")])
        self.assertIn(str(LIBRARY), answer["libraries"])

    def test_of_the_executable_itself(self):
        program = BIN / "cli_box_own"
        status, answer = self.ask("--", program)
        self.assertEqual((status, answer["why"]),
                         (NOTHING, "the program defines the functions itself, so that its calls pass the guards by"))
        self.assertEqual(self.remarks(answer), [("problem", f"box: the program {program} defines 4 of 4 functions itself, "
                         f"whose calls will not be seen: {NAMES}")])

    def test_of_the_executable_itself_with_a_symbol_table(self):
        program = BIN / "cli_box_inside"
        status, answer = self.ask("--", program)
        self.assertEqual((status, self.reach(answer)), (COVERED, dict.fromkeys(FUNCTIONS, "seen")))
        ((level, text),) = self.remarks(answer)
        self.assertEqual((level, text.split(";")[:2]), ("ok", [
            f"box: {program} has 4 of 4 functions linked in, whose calls will be seen: they are told from the library's own by "
            "who calls", " of 3 references to them outside the library 3 are led to guards"]))

    def linked_in(self, program):
        """How each function is reached, and what is said of all of them."""
        status, answer = self.ask("--", program)
        self.assertEqual((status, self.reach(answer)), (COVERED, dict.fromkeys(FUNCTIONS, "seen")))
        (remark,) = self.remarks(answer)
        return {entry["function"]: entry["linked_in"] for entry in answer["functions"]}, remark

    def test_how_those_of_the_executable_itself_are_reached(self):
        reached, _ = self.linked_in(BIN / "cli_box_inside")
        self.assertEqual({name: (each["references"], each["led"], each["clones"]) for name, each in reached.items()},
                         {"box_close": (1, 1, 0), "box_open": (1, 1, 0), "box_peek": (0, 0, 0), "box_use": (1, 1, 0)})

    def test_what_is_compiled_with_the_library_is_not_seen(self):
        result = self.handleguard("doctor", "-m", BOX, "--format=json", "--", BIN / "cli_box_inlined")
        functions = {entry["function"]: entry for entry in json.loads(result.stdout)["functions"]}
        for name in ("box_close", "box_use"):
            self.assertEqual((functions[name]["reach"], functions[name]["linked_in"]["references"], functions[name]["linked_in"]["led"]),
                             ("in-executable", 1, 0))

    def test_how_those_are_reached_that_were_compiled_with_the_executable(self):
        reached, (level, text) = self.linked_in(BIN / "cli_box_one_2")
        self.assertEqual((level, reached["box_peek"]), ("note", {"references": 0, "led": 0, "inlined": 0, "clones": 1,
                                                                "approximate": True}))
        self.assertGreaterEqual(reached["box_use"]["inlined"], 1)
        copies = sum(each["inlined"] for each in reached.values())
        self.assertTrue(text.endswith(f"; inlined copies of them, which are not seen: {copies}; calls of copies that the compiler "
                                      "has made of them, which are not seen: 1"), text)

    def test_that_it_is_not_known_what_was_inlined(self):
        reached, (_, text) = self.linked_in(BIN / "cli_box_one_0")
        self.assertEqual({each["inlined"] for each in reached.values()}, {None})
        self.assertIn("; without debugging information it is not known how often they are inlined", text)

    def test_that_a_library_hands_out_in_a_table(self):
        status, answer = self.ask("--", BIN / "cli_box_table")
        self.assertEqual((status, self.reach(answer)), (COVERED, dict.fromkeys(FUNCTIONS, "seen")))
        self.assertEqual(self.remarks(answer)[0], ("ok", f"box: {TABLE} hands out 4 of 4 functions in tables, whose calls will "
                                                   "be seen"))

    def test_in_a_table_that_the_manifest_tells_of(self):
        tables = SOURCE / "tests/cli/box/box_tables.yaml"
        status, answer = self.ask("--", BIN / "cli_box_table_stripped", manifests=(tables,))
        self.assertEqual((status, self.reach(answer)),
                         (COVERED, dict.fromkeys([*FUNCTIONS, "box_functions"], "seen")))
        library = TABLE.parent.parent / "box_table_stripped/libbox.so.1"
        self.assertIn(("ok", f"box_tables: {library} hands out 4 of 5 functions in tables, whose calls will be seen"),
                      self.remarks(answer))

    def test_of_a_program_of_go_without_symbols(self):
        _, answer = self.ask("--", BIN / "cli_box_go")
        self.assertIn(("problem", f"{BIN / 'cli_box_go'} is a Go program without symbols, as go test makes them: if the library "
                       "is linked into it, build it with -ldflags='-s=false -w=false' (handleguard go does), and its calls are "
                       "seen"), self.remarks(answer))
        _, answer = self.ask("--", BIN / "cli_box_none")
        self.assertNotIn("Go", str(self.remarks(answer)))

    def test_one_of_them_of_the_executable(self):
        program = BIN / "cli_box_peek"
        status, answer = self.ask("--", program)
        self.assertEqual((status, answer["why"]), (COVERED, "calls of 3 of the 4 functions will be seen"))
        self.assertEqual(self.reach(answer), dict.fromkeys(FUNCTIONS, "seen") | {"box_peek": "in-executable"})
        self.assertIn(("problem", f"box: the program {program} defines 1 of 4 functions itself, whose calls will not be "
                       "seen: box_peek"), self.remarks(answer))
        self.assertIn(("note", f"box: 2 objects define box_peek; the first is {program}"), self.remarks(answer))

    def test_of_no_library(self):
        status, answer = self.ask("--", BIN / "cli_box_none")
        self.assertEqual((status, answer["why"]),
                         (NOTHING, "no library of the program defines the functions, and it cannot load others"))
        self.assertEqual(self.remarks(answer),
                         [("note", f"box: no library that is loaded at the start defines 4 of 4 functions: {NAMES}")])
        self.assertEqual(self.remarks(answer, "loader"), [])

    def test_that_a_plugin_may_bring(self):
        status, answer = self.ask("--", BIN / "cli_box_host", "deep")
        self.assertEqual((status, answer["why"]), (UNKNOWN, LATER))
        self.assertEqual(self.remarks(answer, "loader"), [("note", "it can load more libraries while it runs (dlopen): "
                         "what they define is seen too, unless they are loaded into a namespace of their own "
                         "(dlmopen)")])
        self.assertEqual((answer["loads_later"], answer["starts_others"]), ("dlopen", None))

    def test_of_a_library_that_finds_its_own_first(self):
        status, answer = self.ask("--", BIN / "cli_box_symbolic")
        self.assertEqual(status, COVERED)
        self.assertIn(("note", f"{SYMBOLIC} is linked with -Bsymbolic: its calls of its own functions are not seen, and "
                       "need not be if it is the library itself"), self.remarks(answer))

    def test_of_two_copies(self):
        copy = self.folder / "libbix.so.1"
        copy.write_bytes(SYMBOLIC.read_bytes().replace(b"libbox.so.1", b"libbix.so.1"))
        _, answer = self.ask("--", BIN / "cli_box", env={"LD_PRELOAD": copy})
        self.assertIn(("note", f"box: 2 objects define box_close; the first is {copy}"), self.remarks(answer))
        self.assertEqual({entry["definitions"] for entry in answer["functions"]}, {2})

    def test_that_are_linked_into_the_binding_that_uses_them(self):
        status, answer = self.ask("--", BIN / "cli_box_bound")
        self.assertEqual((status, answer["why"]), (NOTHING, "the functions are linked into a library that uses them, so "
                         "that its calls pass the guards by"))
        self.assertEqual(self.reach(answer), dict.fromkeys(FUNCTIONS, "linked-in"))
        self.assertEqual(self.remarks(answer), [("problem", f"box: {BINDING} has 4 of 4 functions linked in, and its "
                         f"calls of them will not be seen: {NAMES}")])

    def test_that_are_linked_into_the_binding_and_told_from_it(self):
        status, answer = self.ask("--", BIN / "cli_box_told")
        self.assertEqual((status, self.reach(answer)), (COVERED, dict.fromkeys(FUNCTIONS, "seen")))
        ((level, text),) = self.remarks(answer)
        self.assertEqual((level, text.split(";")[0]), ("ok", f"box: {TOLD} has 4 of 4 functions linked in, whose calls will be "
                         "seen: they are told from the library's own by who calls"))

    def test_of_the_library_under_another_name(self):
        status, answer = self.ask("--", BIN / "cli_box_renamed")
        self.assertEqual(status, COVERED)
        # Nobody uses box_peek but the library; whether it is one, its name does not tell.
        self.assertEqual(self.reach(answer), dict.fromkeys(FUNCTIONS, "seen") | {"box_peek": "linked-in"})

    def test_that_no_library_has(self):
        manifest = self.folder / "more.yaml"
        manifest.write_text(BOX.read_text("utf-8") + "  box_weigh: {op: {box: 0}}\n", encoding="utf-8")
        status, answer = self.ask("--", BIN / "cli_box", manifests=(manifest,))
        self.assertEqual((status, answer["why"]), (COVERED, "calls of 4 of the 5 functions will be seen; no library that "
                         "is loaded at the start has box_weigh"))

    def test_that_the_library_lacks(self):
        manifest = self.folder / "other.yaml"
        manifest.write_text(BOX.read_text("utf-8").replace("box_peek", "box_pekk") + "  box_lift: {op: {box: 0}, since: 2}\n",
                            encoding="utf-8")
        _, answer = self.ask("--", BIN / "cli_box", manifests=(manifest,))
        reach = self.reach(answer)
        self.assertEqual((reach["box_pekk"], reach["box_lift"]), ("absent", "not-loaded"))
        self.assertIn(("problem", f"other: {LIBRARY}, which it is for, lacks 1 of 5 functions: box_pekk (did you mean "
                       "box_peek?); say 'since' or 'optional' there of what only other versions have"),
                      self.remarks(answer))

    def test_that_the_manifest_does_not_name(self):
        manifest = self.folder / "less.yaml"
        manifest.write_text("".join(line for line in BOX.read_text("utf-8").splitlines(True) if "box_use" not in line),
                            encoding="utf-8")
        _, answer = self.ask("--", BIN / "cli_box", manifests=(manifest,))
        self.assertIn(("note", f"less: the program uses functions of {LIBRARY} that the manifest does not name, 1: "
                       "box_use"), self.remarks(answer))

    def test_of_several_manifests(self):
        status, answer = self.ask("--", STATEMENT, manifests=(BOX, "sqlite3"))
        self.assertEqual((status, answer["why"]), (UNKNOWN, f"box: {LATER}"))
        self.assertEqual(self.reach(answer)["sqlite3_step"], "seen")
        self.assertEqual(self.reach(answer)["box_use"], "not-loaded")

    def test_of_a_ready_object(self):
        path = self.folder / "box.so"
        self.assertEqual(self.handleguard("manifest", "build", BOX, "-o", path).returncode, 0)
        self.assertEqual(self.reach(self.ask("--", BIN / "cli_box", manifests=(path,))[1]),
                         dict.fromkeys(FUNCTIONS, "seen"))


class Command(DoctorTest):
    def copy(self, old, new):
        """The program with some of its bytes replaced."""
        path = self.folder / "program"
        shutil.copy(BIN / "cli_box", path)
        content = path.read_bytes()
        self.assertIn(old, content)
        path.write_bytes(content.replace(old, new))
        return path

    def test_static(self):
        status, answer = self.ask("--", STATIC)
        self.assertEqual((status, answer["why"]), (NOTHING, "the program cannot be guarded"))
        self.assertEqual(self.remarks(answer, "command"), [("problem", f"{STATIC}: is statically linked, so nothing can "
                         "be preloaded into it, and it runs unguarded; link it dynamically, put guards into it with "
                         "'handleguard manifest link --static', or embed them with handleguard.h")])

    def test_library(self):
        status, answer = self.ask("--", LIBRARY)
        self.assertEqual((status, answer["why"]), (UNKNOWN, "the program cannot be run"))
        self.assertEqual(self.remarks(answer, "command"),
                         [("problem", f"{LIBRARY}: is a library, not a program; name the program that loads it")])

    def test_not_there(self):
        status, answer = self.ask("--", "no-such-program")
        self.assertEqual((status, answer["why"]), (UNKNOWN, "the program cannot be run"))
        self.assertEqual(self.remarks(answer, "command"),
                         [("problem", "no-such-program: no folder of PATH has such a program")])

    def test_script(self):
        path = self.script("#!/usr/bin/env python3\n")
        status, answer = self.ask("--", path, env={"PATH": "/usr/bin"})
        self.assertEqual((status, answer["why"]), (UNKNOWN, LATER))
        self.assertEqual(self.remarks(answer, "command")[0],
                         ("ok", f"{path} is a script, which /usr/bin/python3 reads"))
        self.assertEqual(answer["program"], "/usr/bin/python3")

    def test_a_needed_library_is_missing(self):
        path = self.copy(b"libbox.so.1", b"libbix.so.1")
        status, answer = self.ask("--", path)
        self.assertEqual((status, answer["why"]), (UNKNOWN, "the program cannot be run"))
        self.assertEqual(self.remarks(answer, "loader"),
                         [("problem", f"{path}: the loader does not find its library libbix.so.1")])

    def test_a_link_to_a_program_that_finds_libraries_beside_itself(self):
        real = self.folder / "real"
        (real / "lib").mkdir(parents=True)
        shutil.copy(BIN / "cli_box_origin", real / "program")
        shutil.copy(LIBRARY, real / "lib")
        (self.folder / "link").symlink_to(real / "program")
        status, answer = self.ask("--", self.folder / "link")
        self.assertEqual((status, answer["why"]), (COVERED, "calls of 4 of the 4 functions will be seen"))

    def test_is_not_run(self):
        path = self.script(f"#!/bin/sh\ntouch {self.folder}/touched\n")
        self.ask("--", path)
        self.assertFalse((self.folder / "touched").exists())


class System(DoctorTest):
    def test_what_the_machine_has(self):
        _, answer = self.ask("--", BIN / "cli_box")
        system = [text for _, text in self.remarks(answer, "system")]
        release = ".".join(os.uname().release.split(".")[:2])
        self.assertEqual((system[0], *system[-2:]),
                         (f"kernel {release}", "recordings can be written", "guards held and recorded in a trial"))
        self.assertTrue(any(text.startswith("fence ") for text in system), system)
        self.assertTrue(any("libunwind.so.8" in text for text in system), system)

    def test_a_folder_that_is_none(self):
        path = self.script("", "file")
        status, answer = self.ask("-o", path, "--", BIN / "cli_box")
        self.assertEqual((status, answer["why"]), (UNKNOWN, "there is no folder for recordings"))
        self.assertIn(("problem", "recordings cannot be written"), self.remarks(answer, "system"))

    def test_a_folder_that_others_can_write(self):
        path = self.folder / "recordings"
        path.mkdir()
        warned = []
        for mode in 0o700, 0o755, 0o1777, 0o777, 0o770:
            path.chmod(mode)
            status, answer = self.ask("-o", path, "--", BIN / "cli_box")
            self.assertEqual(status, COVERED)
            warned += [mode for level, text in self.remarks(answer, "system") if (level, text) == (
                "note", f"others can write to the folder for recordings, {path}, and take them away or put others in their "
                "place; give one of your own with --output")]
        self.assertEqual(warned, [0o777, 0o770])

    def test_a_folder_that_is_not_there_yet(self):
        status, _ = self.ask("-o", self.folder / "recordings", "--", BIN / "cli_box")
        self.assertEqual(status, COVERED)
        self.assertFalse((self.folder / "recordings").exists())


class Text(CommandLineTest):
    def test_the_verdict_stands_last(self):
        for name, words in (("cli_box", "Will be covered: calls of 4 of the 4 functions will be seen"),
                            ("cli_box_none", "NOTHING will be covered: no library of the program defines the functions, "
                             "and it cannot load others"),
                            ("cli_box_host", f"Cannot tell: {LATER}")):
            result = self.handleguard("doctor", "-m", BOX, "--", BIN / name)
            self.assertTrue(" ".join(result.stdout.split()).endswith(words), result.stdout)
            self.assertLessEqual(max(map(len, result.stdout.splitlines())), 140)

    def test_mistakes(self):
        for words, sentence in (
                (("--", "true"), "no manifest was given; say what to guard with -m"),
                (("-m", BOX), "no command was given; write it after --, as in handleguard doctor -m MANIFEST -- COMMAND"),
                (("-m", BOX, "--fromat=json", "true"), "there is no option --fromat; did you mean --format?"),
                (("-m", BOX, "--format=xml", "true"), "--format is 'xml', but must be one of text, json"),
                (("-m", STATIC.parent / "no.so", "true"), f"{STATIC.parent}/no.so: is not a preload object of this "
                 "version; make one with handleguard manifest build")):
            self.assert_fails(self.handleguard("doctor", *words), 2, f"handleguard doctor: {sentence}")


if __name__ == "__main__":
    unittest.main()
