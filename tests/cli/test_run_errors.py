"""`handleguard run` when it cannot do its work: one sentence each, nothing half-done."""
import os
import resource
import shutil
import subprocess
import unittest

from support import BIN, PROGRAM, SOURCE, STATEMENT, CommandLineTest

NOBODY = 65534


class CommandLine(CommandLineTest):
    def test_no_command(self):
        self.assert_fails(self.run_command(), 125, "handleguard run: no command was given; write it after --, as in "
                          "handleguard run -m MANIFEST -- COMMAND")

    def test_option_without_its_value(self):
        self.assertEqual(self.run_command("--deadline").returncode, 125)

    def test_unknown_option_names_the_nearest(self):
        self.assert_fails(self.run_command("--dedline=1", "true"), 125,
                          "handleguard run: there is no option --dedline; did you mean --deadline?")

    def test_unknown_option_near_nothing(self):
        self.assert_fails(self.run_command("--xyzzyxyzzy", "true"), 125,
                          "handleguard run: there is no option --xyzzyxyzzy; handleguard run --help lists them")

    def test_unknown_letter(self):
        for letters in "-Z", "-Zo", "-oZ":
            result = self.run_command(letters, self.folder / "r", "true")
            if letters != "-oZ":  # of which Z is the value
                self.assert_fails(result, 125,
                                  "handleguard run: there is no option -Z; handleguard run --help lists them")

    def test_options_of_the_command_are_not_ours(self):
        result = self.run_command("true", "--dedline=1")
        self.assertEqual(result.returncode, 0)

    def test_an_options_value_is_no_option(self):
        self.assert_fails(self.run_command("--mode", "--stacks", "true"), 125,
                          "handleguard run: --mode is '--stacks', but must be one of guard, observe, abort")

    def test_wrong_word(self):
        self.assert_fails(self.run_command("--mode=gaurd", "true"), 125,
                          "handleguard run: --mode is 'gaurd', but must be one of guard, observe, abort; "
                          "did you mean guard?")

    def test_wrong_number(self):
        for number in ("-1", "5s", "", "86400001", "0x10", " 1"):
            self.assert_fails(self.run_command(f"--deadline={number}", "true"), 125,
                              f"handleguard run: --deadline is '{number}', but must be a whole number from 0 to "
                              "86400000")

    def test_wrong_environment(self):
        self.assert_fails(self.run_command("true", env={"HANDLEGUARD_DRAIN": "never"}), 125,
                          "handleguard run: HANDLEGUARD_DRAIN is 'never', but must be one of wait, defer, auto")

    def test_a_variable_that_nobody_reads_is_noticed(self):
        said = "handleguard run: the environment has {}, which is no variable of handleguard and changes nothing; {}\n"
        for name, then in (("HANDLEGUARD_MOED", "did you mean HANDLEGUARD_MODE?"),
                           ("HANDLEGUARD_QUARANTINE", "handleguard run --help lists the options"),
                           ("HANDLEGUARD_FROBNICATE", "handleguard run --help lists the options")):
            result = self.run_command("--", STATEMENT, env={name: "abort"})
            self.assertEqual((result.stdout, result.returncode), ("done\n", 0), result.stderr)
            self.assertTrue(result.stderr.startswith(said.format(name, then)), result.stderr)

    def test_the_command_line_wins_over_a_wrong_environment(self):
        result = self.run_command("--drain=defer", "--", "true", env={"HANDLEGUARD_DRAIN": "never"})
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_wrong_exit_status(self):
        self.assert_fails(self.run_command("--error-exitcode=256", "true"), 125,
                          "handleguard run: --error-exitcode is '256', but must be a whole number from 0 to 255")

    def tearDown(self):
        self.assert_leaves_nothing()


class Manifest(CommandLineTest):
    def test_none_lists_the_shelf(self):
        result = self.handleguard("run", "--", "true")
        self.assertEqual(result.returncode, 125)
        first, *shelf = result.stderr.splitlines()
        self.assertEqual(first, "handleguard run: no manifest was given; say what to guard with -m, a YAML file or one "
                         "of the shelf:")
        for path in (SOURCE / "tools/manifests").glob("*.yaml"):
            self.assertTrue(any(line.split()[0] == path.stem for line in shelf), path.stem)

    def test_not_on_the_shelf(self):
        result = self.handleguard("run", "-m", "sqlite", "--", "true")
        self.assertEqual(result.returncode, 125)
        self.assertIn("sqlite3", result.stderr)

    def test_by_the_name_of_its_library(self):
        for name, meant in ("zmq", "libzmq"), ("libsqlite3", "sqlite3"), ("zqm", "libzmq"):
            result = self.handleguard("run", "-m", name, "--", "true")
            self.assertEqual(result.returncode, 125)
            self.assertIn(f"; did you mean '{meant}'?", result.stderr)

    def test_by_the_soname_of_its_library(self):
        for soname in "libsqlite3.so.0", "libzmq.so.5":
            result = self.handleguard("manifest", "lint", soname)
            self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))
        result = self.handleguard("run", "-m", "libnone.so.1", "--", "true")
        self.assertEqual(result.returncode, 125)
        self.assertIn("no manifest 'libnone.so.1' on the shelf ", result.stderr)

    def test_missing_file(self):
        result = self.handleguard("run", "-m", "./none.yaml", "--", "true")
        self.assertEqual(result.returncode, 125)
        self.assertIn("none.yaml: ", result.stderr)

    def test_bad_yaml_names_the_place(self):
        path = self.script("handleguard: 1\nlibrary: libx.so.1\nclases: {}\n", "bad.yaml")
        result = self.handleguard("run", "-m", path, "--", "true")
        self.assertEqual(result.returncode, 125)
        self.assertIn("bad.yaml:3:1: ", result.stderr)

    def test_one_bad_among_good_is_enough(self):
        result = self.run_command("-m", "./none.yaml", "--", "true")
        self.assertEqual(result.returncode, 125)

    def test_an_object_that_is_none(self):
        path = self.script("no object", "thing.so")
        self.assert_fails(self.handleguard("run", "-m", path, "--", "true"), 125,
                          f"handleguard run: {path}: is not a preload object, for it does not need "
                          "libhandleguard.so.0; make one with handleguard manifest build")

    def test_a_tool_without_its_runtime(self):
        # Preloaded without it, an object would keep the program from starting.
        alone = self.folder / "alone/bin/handleguard"
        alone.parent.mkdir(parents=True)
        shutil.copy(PROGRAM, alone)
        result = subprocess.run([alone, "run", "-m", SOURCE / "tools/manifests/sqlite3.yaml", "--", STATEMENT],
                                capture_output=True, text=True, check=False, env=self.environment)
        self.assertRegex(result.stderr, rf"^handleguard: {self.folder}/alone/\S*/libhandleguard.so.0: the runtime, which "
                         "belongs there, cannot be read: No such file or directory\n$")
        self.assertEqual((result.stdout, result.returncode), ("", 125))

    def test_an_object_without_its_runtime(self):
        path, runtime = self.folder / "object.so", str(BIN.parent / "lib")
        self.handleguard("manifest", "build", "sqlite3", "-o", path)
        self.assertEqual(self.handleguard("run", "-m", path, "--", STATEMENT).returncode, 0)
        content = path.read_bytes()
        self.assertIn(runtime.encode(), content)
        gone = "/nowhere".ljust(len(runtime), "/")
        path.write_bytes(content.replace(runtime.encode(), gone.encode()))
        self.assert_fails(self.handleguard("run", "-m", path, "--", STATEMENT), 125,
                          f"handleguard run: {path}: does not find its runtime libhandleguard.so.0 in {gone}:$ORIGIN; build "
                          "the object anew, or put the runtime beside it")
        shutil.copy(BIN.parent / "lib/libhandleguard.so.0", self.folder)
        result = self.handleguard("run", "-m", path, "--", STATEMENT)
        self.assertEqual((result.stdout, result.returncode), ("done\n", 0), result.stderr)

    def test_an_object_of_another_version(self):
        path = self.folder / "object.so"
        self.handleguard("manifest", "build", "sqlite3", "-o", path)
        content = path.read_bytes()
        at = content.index(b"HGIM") + 4  # HG_IMAGE_MAGIC and behind it HG_IMAGE_VERSION
        path.write_bytes(content[:at] + bytes([content[at] + 1]) + content[at + 1:])
        result = subprocess.run([STATEMENT], capture_output=True, text=True, check=False,
                                env=self.environment | {"LD_PRELOAD": str(path)})
        self.assert_fails(result, 125, "handleguard: a preload object was built for another version of handleguard, so the program "
                          "cannot go on; build the object again")

    def test_a_damaged_object_in_the_cache_is_made_anew(self):
        self.assertEqual(self.run_command("--", STATEMENT).returncode, 0)
        (cached,) = (self.folder / ".cache/handleguard").glob("*.so")
        content = cached.read_bytes()
        for damaged in b"", content[:5000], content[:2000] + bytes(2000) + content[4000:]:
            cached.write_bytes(damaged)
            result = self.run_command("--", STATEMENT)
            self.assertEqual((result.stdout, result.returncode), ("done\n", 0), result.stderr)
            self.assertNotIn("NOTHING WAS COVERED", result.stderr)
            self.assertEqual(cached.read_bytes(), content)

    def test_a_built_object_is_no_module_of_python(self):
        self.assertEqual(self.handleguard("manifest", "build", "sqlite3", cwd=self.folder).returncode, 0)
        result = subprocess.run(["/usr/bin/python3", "-c", "import sqlite3; print('done')"], capture_output=True, text=True,
                                check=False, cwd=self.folder)
        self.assertEqual(result.stdout, "done\n", result.stderr)

    def test_a_pipe_is_not_waited_for(self):
        for name, said in (("x.so", "is not a preload object, "),
                           ("x.yaml", "cannot read the manifest: it is a pipe or a device, not a file")):
            path = self.folder / name
            os.mkfifo(path)
            result = self.handleguard("run", "-m", path, "--", "true")
            self.assertIn(f"{path}: {said}", result.stderr)
            self.assertEqual(result.returncode, 125)

    def test_a_missing_object(self):
        self.assert_fails(self.handleguard("run", "-m", "./none.so", "--", "true"), 125,
                          "handleguard run: ./none.so: cannot be read: No such file or directory")

    def tearDown(self):
        self.assert_leaves_nothing()


class Target(CommandLineTest):
    def assert_refused(self, command, status, sentence):
        self.assert_fails(self.run_command("--", command), status, f"handleguard run: {sentence}")

    def copy(self, source, name):
        path = self.folder / name
        shutil.copy(source, path)
        path.chmod(0o755)
        return path

    def test_not_in_path(self):
        self.assert_refused("no-such-program", 127, "no-such-program: no folder of PATH has such a program")

    def test_no_such_file(self):
        self.assert_refused("./no-such-program", 127, "./no-such-program: there is no such file to run")

    def test_empty_name(self):
        self.assert_refused("", 127, "'': no folder of PATH has such a program")

    def test_not_executable(self):
        path = self.script("")
        path.chmod(0o644)
        self.assert_refused(path, 126, f"{path}: cannot be run: you have no permission to execute it")

    def test_not_executable_in_path(self):
        path = self.script("")
        path.chmod(0o644)
        result = self.run_command("--", "script", env={"PATH": self.folder})
        self.assert_fails(result, 126,
                          f"handleguard run: {path}: cannot be run: you have no permission to execute it")

    def test_a_later_folder_of_path_has_an_executable_one(self):
        self.script("").chmod(0o644)
        (self.folder / "later").mkdir()
        self.script("#!/bin/sh\nexit 9\n", "later/script")
        result = self.run_command("--", "script", env={"PATH": f"{self.folder}:{self.folder}/later"})
        self.assertEqual(result.returncode, 9, result.stderr)

    def test_a_folder(self):
        self.assert_refused(self.folder, 126, f"{self.folder}: cannot be run: it is a folder")

    def test_script_without_interpreter(self):
        path = self.script("#!/no/such/interpreter\n")
        self.assert_refused(path, 127, "/no/such/interpreter: there is no such file to run")

    def test_script_of_itself(self):
        path = self.folder / "script"
        self.script(f"#!{path}\n")
        self.assert_refused(path, 126,
                            f"{path}: cannot be run: its interpreter is a script of a script, too many levels deep")

    def test_script_without_a_first_line_is_for_the_shell(self):
        result = self.run_command("--", self.script("exit 5\n"))
        self.assertEqual(result.returncode, 5, result.stderr)

    def test_another_machine(self):
        path = self.copy(STATEMENT, "program")
        content = bytearray(path.read_bytes())
        content[18:20] = (183).to_bytes(2, "little")  # e_machine: EM_AARCH64
        path.write_bytes(content)
        self.assert_refused(path, 125, f"{path}: is a program for another kind of machine (64 bits, ELF machine 183); "
                            "only 64-bit x86-64 programs can be guarded")

    @unittest.skipIf(os.getuid() != 0, "only root can give files away")
    def test_set_user_id_and_set_group_id(self):
        for mode, owner, group, words in ((0o4755, NOBODY, 0, "set-user-id"), (0o2755, 0, NOBODY, "set-group-id")):
            path = self.copy(STATEMENT, "program")
            os.chown(path, owner, group)
            path.chmod(mode)
            if os.statvfs(path).f_flag & os.ST_NOSUID:
                self.skipTest("this file system ignores the set-user-id bit")
            self.assert_refused(path, 125, f"{path}: is {words}, so the loader ignores LD_PRELOAD and nothing would be "
                                "guarded; run a copy without these rights, or run it as the user whose rights it takes")

    @unittest.skipIf(os.getuid() != 0, "only root's program takes no rights from this bit")
    def test_set_user_id_to_who_runs_it_changes_nothing(self):
        path = self.copy(STATEMENT, "program")
        path.chmod(0o4755)
        result = self.run_command("--", path)
        self.assertEqual(result.stdout, "done\n", result.stderr)

    def tearDown(self):
        self.assert_leaves_nothing()


class Folder(CommandLineTest):
    def refused(self, folder, **keywords):
        return self.run_command("-o", folder, "--", STATEMENT, **keywords)

    def test_a_file(self):
        path = self.script("")
        self.assert_fails(self.refused(path), 125, f"handleguard run: {path}: is not a folder; recordings need one, give "
                          "another with --output")

    def test_parent_is_missing(self):
        path = self.folder / "none" / "recordings"
        self.assert_fails(self.refused(path), 125, f"handleguard run: {path}: the folder for recordings cannot be made: "
                          "No such file or directory")

    def test_a_folder_for_temporary_files_that_is_not_there(self):
        path = self.folder / "none"
        self.assert_fails(self.run_command("--", STATEMENT, env={"TMPDIR": path}), 125,
                          f"handleguard run: TMPDIR is '{path}': No such file or directory; recordings need a folder, give "
                          "another with --output")

    @unittest.skipIf(os.getuid() != 0, "only root can give folders away")
    def test_of_another_user(self):
        path = self.folder / "recordings"
        path.mkdir()
        os.chown(path, NOBODY, NOBODY)
        self.assert_fails(self.refused(path), 125, f"handleguard run: {path}: belongs to another user, who could tamper "
                          "with the recordings; give a folder of your own with --output")

    def test_not_writable(self):
        path = self.folder / "recordings"
        path.mkdir(mode=0o500)
        if os.getuid() == 0:
            self.mount("-o", "ro,size=64k", path)
        result = self.refused(path)
        self.assertRegex(result.stderr, f"^handleguard run: {path}: a folder for this run's recordings cannot be made "
                         "in it: (Permission denied|Read-only file system)\n$")
        self.assertEqual(result.returncode, 125)

    def mount(self, *arguments):
        if subprocess.run(["mount", "-t", "tmpfs", *arguments[:-1], "tmpfs", arguments[-1]], check=False,
                          capture_output=True).returncode != 0:
            self.skipTest("mounting is not permitted here")
        self.addCleanup(subprocess.run, ["umount", arguments[-1]], check=True)

    def test_full_disk(self):
        path = self.folder / "recordings"
        path.mkdir()
        if os.getuid() != 0:
            self.skipTest("only root can mount a small disk")
        self.mount("-o", "size=64k", path)
        self.assert_fails(self.refused(path), 125, f"handleguard run: {path}: has no room for a recording of 2048 KiB: No "
                          "space left on device; make room, or give another folder with --output")
        self.assertEqual(list(path.iterdir()), [])

    def test_file_size_limit(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        (self.folder / ".cache").mkdir()
        self.run_command("--", "true")  # the preload object is made without the limit
        path = self.folder / "recordings"
        path.mkdir()
        self.assert_fails(self.refused(path, preexec_fn=limit), 125, f"handleguard run: {path}: has no room for a "
                          "recording of 2048 KiB: File too large; make room, or give another folder with --output")


class Report(CommandLineTest):
    """One that cannot be written is refused before the start."""

    def assert_refused(self, path, why):
        self.assert_fails(self.run_command("--report", path, "--", STATEMENT), 125,
                          f"handleguard run: {path}: cannot be written: {why}")
        self.assert_leaves_nothing()

    def test_in_a_folder_that_is_not_there(self):
        self.assert_refused(self.folder / "none" / "report", "No such file or directory")

    def test_that_is_a_folder(self):
        self.assert_refused(self.folder, "Is a directory")

    def test_in_a_file(self):
        self.assert_refused(self.script("") / "report", "Not a directory")

    def test_probing_leaves_an_earlier_one_alone(self):
        path = self.script("of an earlier run")
        self.assertEqual(self.run_command("--report", path, "--", "no-such-program").returncode, 127)
        self.assertEqual(path.read_text(encoding="utf-8"), "of an earlier run")
        self.assertEqual([entry.name for entry in self.folder.iterdir() if entry.name.startswith("script")], ["script"])

    def test_on_a_full_disk_is_told_after_the_run(self):
        result = self.run_command("--report", "/dev/full", "--", STATEMENT)
        self.assertEqual((result.stdout, result.returncode), ("done\n", 125))
        self.assertIn("handleguard run: /dev/full: cannot be written: No space left on device\n", result.stderr)


class Start(CommandLineTest):
    def test_a_file_that_is_busy(self):
        path = self.folder / "program"
        shutil.copy(STATEMENT, path)
        with open(path, "r+b"):
            result = self.run_command("--", path)
        self.assert_fails(result, 126, f"handleguard run: {path}: could not be started: Text file busy")
        self.assert_leaves_nothing()


if __name__ == "__main__":
    unittest.main()
