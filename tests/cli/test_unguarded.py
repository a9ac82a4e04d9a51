"""Programs that a guarded process starts, and that have no guards: `run` and `report` say which they are, and why."""
import glob
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from support import BIN, SOURCE, STATIC, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
USER = BIN / "cli_box"
LIBRARY = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "box/libbox.so.1"
LAUNCHER = BIN / "cli_box_launcher"
REPLACING = ("execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle", "fexecve", "execveat")
SPAWNING = ("posix_spawn", "posix_spawnp")
BY_SHELL = ("system", "popen")
LOST = ("was started with an environment without LD_PRELOAD as handleguard had set it; let that variable and "
        "HANDLEGUARD_OUTPUT be handed on, or put handleguard behind what clears them")
LINKED = ("is statically linked, so that nothing can be preloaded into it; link it dynamically, put guards into it with "
          "'handleguard manifest link --static', or embed them with handleguard.h")
(LOADER,) = glob.glob("/lib64/ld-linux-*.so.?") or glob.glob("/lib/ld-linux-*.so.?")
(LIBC,) = glob.glob("/lib/*-linux-gnu/libc.so.6")
NOTHING = ("handleguard run: NOTHING WAS COVERED: neither the program nor a child of it was seen to call a guarded "
           "function: ")


class UnguardedTest(CommandLineTest):
    def run_box(self, *words, options=(), **keywords):
        result = self.handleguard("run", "-m", BOX, *options, "--", *words, **keywords)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("called none of them", result.stderr)
        self.assert_leaves_nothing()
        return result.stderr

    def assert_said(self, words, program, starter, why, times=""):
        """Nothing was covered, and this is why."""
        self.assertEqual(self.run_box(*words), NOTHING + "programs that it started ran without guards\n"
                         f"handleguard run: {program}, started{times} by {starter}, ran without guards: it {why}\n")


class Functions(UnguardedTest):
    def test_the_environment_is_lost(self):
        for function in (*REPLACING, *SPAWNING):
            with self.subTest(function):
                self.assert_said((LAUNCHER, function, "empty", USER), USER, LAUNCHER, LOST)
        for function in BY_SHELL:
            with self.subTest(function):
                self.assert_said((LAUNCHER, function, "empty", USER), "/bin/sh", LAUNCHER, LOST)

    def test_the_environment_is_whole(self):
        for function in (*REPLACING, *SPAWNING, *BY_SHELL):
            with self.subTest(function):
                _, report = self.report("-m", BOX, "--", LAUNCHER, function, "whole", USER)
                self.assertEqual(report["unguarded"], [])
                self.assertEqual(len(report["recordings"]), 1)

    def test_what_could_not_be_started_is_not_said(self):
        broken = self.folder / "broken"
        broken.write_bytes(USER.read_bytes().replace(b"/ld-linux-", b"/no-linux-"))
        broken.chmod(0o755)
        for function in REPLACING:
            with self.subTest(function):
                result = self.handleguard("run", "-m", BOX, "--", LAUNCHER, function, "empty", broken)
                self.assertEqual(result.returncode, 111)
                self.assertNotIn("ran without guards:", result.stderr)


class Ways(UnguardedTest):
    """How the preload is lost in practice."""

    def test_env_i(self):
        self.assert_said(("env", "-i", USER), USER, shutil.which("env"), LOST)

    def test_a_shell_that_clears_it(self):
        self.assert_said(("sh", "-c", f"unset LD_PRELOAD; {USER}; {USER}; true"), USER, os.path.realpath("/bin/sh"), LOST,
                         " 2 times")

    def test_a_test_runner_that_hands_on_what_it_knows(self):
        # as tox and Bazel do
        text = f"import subprocess; subprocess.run(['{USER}'], env={{'PATH': '/usr/bin'}}, check=True)"
        self.assert_said(("/usr/bin/python3", "-c", text), USER, os.path.realpath("/usr/bin/python3"), LOST)

    def test_the_folder_for_recordings_is_lost(self):
        stderr = self.run_box("env", "-u", "HANDLEGUARD_OUTPUT", USER, cwd=self.folder)
        self.assertIn("without HANDLEGUARD_OUTPUT, so that its recordings lie elsewhere", stderr)
        self.assertEqual(len(list(self.folder.glob("*.hgr"))), 1)

    @unittest.skipIf(os.getuid() != 0, "only root can become somebody else")
    def test_another_user_cannot_read_the_objects(self):
        os.chmod(self.folder, 0o700)
        stderr = self.run_box("setpriv", "--reuid=65534", "--clear-groups", "/bin/true")
        self.assertIn("/bin/true, started by /usr/bin/setpriv, ran without guards: it cannot read the objects to preload, "
                      "as its user or its root is another; give run an object of handleguard manifest build that "
                      "it can read\n", stderr)

    @unittest.skipIf(os.getuid() != 0, "only root can have another root")
    def test_another_root_has_no_objects(self):
        root = self.folder / "root"
        for path in "/bin/true", LOADER, LIBC:
            (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / path[1:])
        self.assertIn("/bin/true, started by /usr/sbin/chroot, ran without guards: it cannot read the objects to preload, "
                      "as its user or its root is another; give run an object of handleguard manifest build that "
                      "it can read\n", self.run_box("chroot", root, "/bin/true"))

    @unittest.skipIf(os.getuid() != 0 or not shutil.which("setpriv"), "only root can become somebody else")
    def test_a_program_with_rights_of_its_own(self):
        program = self.folder / "rights"
        shutil.copy("/bin/true", program)
        os.chown(program, 12345, 12345)
        os.chmod(program, 0o4755)
        self.assert_said((LAUNCHER, "execv", "whole", program), program, LAUNCHER,
                         "runs with rights that its caller has not, so that the loader ignores LD_PRELOAD; run it as the "
                         "user whose rights it takes")


class Kinds(UnguardedTest):
    def kind(self, program, why):
        """It runs all the same."""
        self.assertEqual(subprocess.run(["sh", "-c", f"{program} && echo ran"], env=self.environment, check=False,
                                        capture_output=True, text=True).stdout,
                         self.handleguard("run", "-m", BOX, "--", "sh", "-c", f"{program} && echo ran").stdout)
        self.assert_said(("sh", "-c", f"{program}; true"), program, os.path.realpath("/bin/sh"), why)

    def test_static(self):
        self.kind(STATIC, LINKED)

    def test_a_script_for_a_static_program(self):
        script = self.script(f"#!{STATIC} argument\n")
        self.assert_said(("sh", "-c", f"{script}; true"), STATIC, os.path.realpath("/bin/sh"),
                         LINKED)

    @unittest.skipIf(not (BIN / "cli_32bit").exists() or
                     subprocess.run([BIN / "cli_32bit"], check=False).returncode != 0, "no 32-bit programs here")
    def test_32_bit(self):
        self.kind(BIN / "cli_32bit", "is a 32-bit program, into which no 64-bit objects can be preloaded")

    @unittest.skipIf(not (BIN / "cli_musl").exists(), "no musl here")
    def test_musl(self):
        self.kind(BIN / "cli_musl", "uses musl instead of the GNU C library, so that it was started without what was to be "
                  "preloaded")

    @unittest.skipIf(not (BIN / "cli_musl").exists(), "no musl here")
    def test_musl_by_every_function(self):
        for function in (*REPLACING, *SPAWNING):
            with self.subTest(function):
                self.assertIn("uses musl", self.run_box(LAUNCHER, function, "whole", BIN / "cli_musl"))

    @unittest.skipIf(not (BIN / "cli_musl_preload").exists(), "no musl here")
    def test_musl_is_spared_our_objects_only(self):
        printed = self.handleguard("run", "-m", BOX, "--", LAUNCHER, "execve", "whole", BIN / "cli_musl_preload",
                                   env={"LD_PRELOAD": "/nowhere/one.so:/nowhere/other.so"}).stdout
        self.assertEqual(printed, "/nowhere/one.so:/nowhere/other.so\n")
        printed = self.handleguard("run", "-m", BOX, "--", LAUNCHER, "execve", "whole", BIN / "cli_musl_preload").stdout
        self.assertEqual(printed, "none\n")

    def test_one_whose_head_does_not_tell(self):
        # Its program headers lie further on than is looked: it is taken to have guards, and that is counted.
        head = bytearray(USER.read_bytes()[:64])
        head[32:40] = (1 << 20).to_bytes(8, "little")
        unsure = self.folder / "unsure"
        unsure.write_bytes(head + bytes(1 << 14))
        unsure.chmod(0o755)
        text = (f"import ctypes, os; box = ctypes.CDLL('{LIBRARY}'); "
                "box.box_open.restype = ctypes.c_void_p; opened = ctypes.c_void_p(box.box_open()); "
                f"os.spawnv(os.P_WAIT, '{unsure}', ['{unsure}']); box.box_close(opened)")
        _, report = self.report("-m", BOX, "--", sys.executable, "-c", text)
        self.assertEqual(report["unguarded"], [])
        self.assertEqual([recording["counters"]["launches-unsure"] for recording in report["recordings"]], [1])

    def test_the_loader_itself_as_a_program(self):
        _, report = self.report("-m", BOX, "--", "sh", "-c", f"{LOADER} {USER}; true")
        self.assertEqual((report["unguarded"], len(report["recordings"])), ([], 1))


class Reports(UnguardedTest):
    WORDS = ("sh", "-c", f"{USER}; env -i {USER}; {STATIC}; {STATIC}; true")

    def assert_listed(self, report):
        self.assertEqual([(entry["program"], entry["started_by"], entry["times"], entry["reason"])
                          for entry in report["unguarded"]],
                         [(str(USER), shutil.which("env"), 1, "preload-lost"),
                          (str(STATIC), os.path.realpath("/bin/sh"), 2, "static")])

    def test_run_and_report_list_them(self):
        folder = self.folder / "recordings"
        _, report = self.report("-m", BOX, "-o", folder, "--", *self.WORDS)
        self.assert_listed(report)
        self.assert_listed(self.json_of(folder))

    def json_of(self, folder):
        path = self.folder / "again.json"
        self.assertEqual(self.handleguard("report", "--format=json", "-o", path, folder).returncode, 0)
        return json.loads(path.read_text(encoding="utf-8"))

    def test_in_words(self):
        text = " ".join(self.run_box(*self.WORDS).split())
        self.assertIn(f"Not seen {USER}, started by {shutil.which('env')}, ran without guards: it {LOST} {STATIC}, "
                      f"started 2 times by {os.path.realpath('/bin/sh')}, ran without guards: it {LINKED}", text)

    def test_more_than_are_told(self):
        for number in range(12):
            shutil.copy(STATIC, self.folder / f"static{number}")
        text = self.run_box("sh", "-c", f"{USER}; for each in {self.folder}/static*; do $each; done; true")
        self.assertIn("\n  4 more such programs\n", text)

    def test_more_than_there_is_room_for(self):
        commands = " ".join(f"{self.folder}/s{number}" for number in range(260))
        for number in range(260):
            os.symlink(STATIC, self.folder / f"s{number}")
        _, report = self.report("-m", BOX, "--", "sh", "-c", f"{USER}; for each in {commands}; do $each; done; true")
        self.assertEqual((len(report["unguarded"]), report["unguarded_unlisted"]), (255, 5))

    def test_a_list_that_is_none(self):
        folder = self.folder / "recordings"
        self.handleguard("run", "-m", BOX, "-o", folder, "--", USER)
        (run,) = folder.iterdir()
        self.assertEqual([path.name for path in run.iterdir() if path.name == "launches"], [])
        os.mkfifo(run / "launches")
        self.assertEqual(self.json_of(folder)["unguarded"], [])
        (run / "launches").unlink()
        (run / "launches").write_bytes(b"\xff" * 512 * 256)
        self.assertEqual(self.json_of(folder)["unguarded"], [])


class NotSeen(UnguardedTest):
    def test_a_recording_that_the_program_removes(self):
        self.assertEqual(self.run_box("sh", "-c", f'{USER}; rm "$HANDLEGUARD_OUTPUT"/*.hgr'), NOTHING +
                         "the recordings of processes that called one are gone from the folder\n")

    def test_a_recording_that_cannot_be_made_among_others(self):
        words = ("sh", "-c", f"{USER}; ulimit -f 1; {USER}")
        _, report = self.report("-m", BOX, "--", *words)
        self.assertEqual((len(report["recordings"]), report["unrecorded"]), (1, 1))
        self.assertIn("Not seen\n  1 process could make no recording, so that nothing is known of it\n",
                      self.run_box(*words))

    def test_a_recording_that_cannot_be_made(self):
        result = self.handleguard("run", "-m", BOX, "--", "sh", "-c", f"ulimit -f 1; {USER}")
        self.assertIn(NOTHING + "processes that called one could not record it\n", result.stderr)

    def test_a_program_that_dies_in_its_loader(self):
        program = self.folder / "program"
        program.write_bytes(USER.read_bytes().replace(b"libbox.so.1", b"libbix.so.1"))
        program.chmod(0o755)
        result = self.handleguard("run", "-m", BOX, "--", program)
        self.assertEqual(result.returncode, 127)
        self.assertIn(NOTHING + "no guards came up in it\n", result.stderr)


if __name__ == "__main__":
    unittest.main()
