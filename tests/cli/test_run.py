"""`handleguard run` at its work: environment, signals, exit status, recordings, the report."""
import fcntl
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

from support import BIN, PROGRAM, STATEMENT, STATIC, CommandLineTest

# A grandchild is killed. The pipe tells its grandparent that it is gone.
# The orphan closes its end of the pipe before it is dead: what it has died of is there once it is a zombie, or gone.
ORPHAN = """
import os, signal, sqlite3, sys
read, write = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        sqlite3.connect(":memory:").execute("SELECT 1")
        os.write(write, b"%d" % os.getpid())
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)
os.close(write)
orphan = os.read(read, 20).decode()
os.wait()
try:
    while open(f"/proc/{orphan}/stat").read().rpartition(") ")[2][0] not in "ZX":
        os.sched_yield()
except (FileNotFoundError, ProcessLookupError):
    pass
"""
NOTHING_COVERED = "handleguard run: NOTHING WAS COVERED: "


class Environment(CommandLineTest):
    def value(self, name, *options, **keywords):
        result = self.run_command(*options, "--", "sh", "-c", f'printf %s "${name}"', **keywords)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_options_reach_the_program(self):
        for option, name, value in (("mode", "MODE", "observe"), ("drain", "DRAIN", "defer"),
                                    ("deadline", "DEADLINE_MS", "17"), ("stacks", "STACKS", "off"),
                                    ("ring", "RING_KIB", "64")):
            self.assertEqual(self.value(f"HANDLEGUARD_{name}", f"--{option}={value}"), value)

    def test_what_was_not_given_stays_as_it_was(self):
        self.assertEqual(self.value("HANDLEGUARD_DEADLINE_MS"), "")
        self.assertEqual(self.value("HANDLEGUARD_DEADLINE_MS", env={"HANDLEGUARD_DEADLINE_MS": 18}), "18")

    def test_output_is_absolute_and_fresh(self):
        value = self.value("HANDLEGUARD_OUTPUT", "-o", "recordings", cwd=self.folder)
        self.assertRegex(value, rf"^{self.folder}/recordings/run-\d{{8}}-\d{{6}}-\w{{6}}$")

    def test_output_from_the_environment(self):
        value = self.value("HANDLEGUARD_OUTPUT", env={"HANDLEGUARD_OUTPUT": self.folder / "recordings"})
        self.assertTrue(value.startswith(f"{self.folder}/recordings/run-"), value)

    def test_our_objects_come_before_what_was_preloaded(self):
        libm = "/lib/x86_64-linux-gnu/libm.so.6"
        ours, theirs = self.value("LD_PRELOAD", env={"LD_PRELOAD": libm}).split(":")
        self.assertEqual(theirs, libm)
        self.assertIn("sqlite3", ours)
        self.assertTrue(os.path.isabs(ours))

    def test_several_manifests(self):
        objects = self.value("LD_PRELOAD", "-m", "libzmq").split(":")
        self.assertEqual(len(objects), 2)

    def test_a_ready_object(self):
        built = self.value("LD_PRELOAD")
        result = self.handleguard("run", "-m", built, "--", STATEMENT)
        self.assertEqual((result.stdout, result.returncode), ("done\n", 0), result.stderr)

    def test_is_as_without_us_but_for_four_variables(self):
        # What a program finds at its start: variables, descriptors, signals blocked, ignored and caught, threads.
        status = "^(SigPnd|ShdPnd|SigBlk|SigIgn|SigCgt|Threads|Seccomp|Umask):"
        for command in ("env",), ("ls", "/proc/self/fd"), ("grep", "-E", status, "/proc/self/status"):
            bare = subprocess.run(command, capture_output=True, text=True, check=True, env=self.environment).stdout
            ours = self.run_command("--", *command).stdout
            unchanged = [line for line in ours.splitlines()
                         if not line.startswith(("LD_PRELOAD=", "HANDLEGUARD_OUTPUT=", "HANDLEGUARD_LOOKED_THROUGH=",
                                                 "ASAN_OPTIONS="))]
            self.assertEqual(unchanged, bare.splitlines())

    def test_the_folder_of_the_program_is_kept(self):
        result = self.run_command("--", "pwd", cwd=self.folder)
        self.assertEqual(result.stdout, f"{self.folder}\n")


class ExitStatus(CommandLineTest):
    def test_the_programs_own(self):
        for status in (0, 1, 2, 42, 255):
            self.assertEqual(self.run_command("--", "sh", "-c", f"exit {status}").returncode, status)

    def test_the_programs_own_wins_over_findings(self):
        result = self.run_command("--", "sh", "-c", f"{STATEMENT} twice; exit 42")
        self.assertIn("repeat-free", result.stderr)
        self.assertEqual(result.returncode, 42)

    def test_a_signal(self):
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM):
            result = self.run_command("--", "sh", "-c", f"kill -{int(number)} $$")
            self.assertEqual(result.returncode, 128 + number)

    def test_findings(self):
        self.assertEqual(self.run_command("--", STATEMENT, "twice").returncode, 97)

    def test_findings_with_a_status_asked_for(self):
        self.assertEqual(self.run_command("--error-exitcode=99", "--", STATEMENT, "twice").returncode, 99)
        self.assertEqual(self.run_command("--error-exitcode=0", "--", STATEMENT, "twice").returncode, 0)

    def test_findings_of_a_child(self):
        result = self.run_command("--", "sh", "-c", f"{STATEMENT} twice; exit 0")
        self.assertEqual(result.returncode, 97)

    def test_no_findings(self):
        result = self.run_command("--", STATEMENT)
        self.assertEqual((result.stdout, result.returncode), ("done\n", 0), result.stderr)
        self.assertNotIn("NOTHING WAS COVERED", result.stderr)

    def test_nothing_covered(self):
        result = self.run_command("--", "true")
        self.assertTrue(result.stderr.startswith(NOTHING_COVERED), result.stderr)
        self.assertEqual(result.returncode, 0)


class Report(CommandLineTest):
    def test_goes_to_standard_error(self):
        result = self.run_command("--", STATEMENT, "twice")
        self.assertEqual(result.stdout, "done\n")
        self.assertIn("repeat-free", result.stderr)
        self.assertIn("sqlite3_finalize", result.stderr)

    def test_of_a_manifest_by_the_soname_of_its_library(self):
        result = self.handleguard("run", "-m", "libsqlite3.so.0", "--", STATEMENT, "twice")
        self.assertIn("repeat-free of stmt, sqlite3_finalize", result.stderr)

    def test_as_json_in_a_file(self):
        path = self.folder / "report.json"
        result = self.run_command("--format=json", "--report", path, "--", STATEMENT, "twice")
        report = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual(report["schema"], "handleguard-report/1")
        self.assertEqual([finding["kind"] for finding in report["findings"]], ["repeat-free"])
        self.assertEqual((result.stdout, result.returncode), ("done\n", 97))
        self.assertEqual(result.stderr, f"handleguard: 1 finding in 1 recording: 1 error; report in {path}\n")

    def test_on_standard_output_with_the_headline_on_standard_error(self):
        for form in "text", "json":
            result = self.run_command(f"--format={form}", "--report=-", "--", STATEMENT, "twice")
            self.assertRegex(result.stdout, "(?s)^done\n.*repeat-free")
            self.assertEqual(result.stderr, "handleguard: 1 finding in 1 recording: 1 error\n")

    def test_is_written_with_nothing_found(self):
        path = self.folder / "report.txt"
        result = self.run_command("--report", path, "--", STATEMENT)
        self.assertTrue(path.read_text(encoding="utf-8").startswith("handleguard: 0 findings in 1 recording\n"))
        self.assertEqual((result.stderr, result.returncode),
                         (f"handleguard: 0 findings in 1 recording; report in {path}\n", 0))

    def test_is_written_with_nothing_covered(self):
        path = self.folder / "report"
        for command, said in ("true", NOTHING_COVERED), (STATIC, StaticProgram.LINE):
            path.write_text("of an earlier run", encoding="utf-8")
            result = self.run_command("--report", path, "--", command)
            self.assertTrue(result.stderr.startswith(said), result.stderr)
            text = path.read_text(encoding="utf-8")
            self.assertTrue(text.startswith("handleguard: 0 findings in 0 recordings; nothing was covered\n\nNOTHING WAS COVERED: "), text)
            self.assertEqual(self.run_command("--report", path, "--format=json", "--", command).stderr, result.stderr)
            report = json.loads(path.read_text(encoding="utf-8"))
            self.assertEqual((report["recordings"], report["findings"]), ([], []))
            self.assertIn("was seen to call a guarded function", report["nothing_covered"])

    def test_as_json_alone_on_standard_error_with_nothing_covered(self):
        result = self.run_command("--format=json", "--", "true")
        self.assertIn("was seen to call a guarded function", json.loads(result.stderr)["nothing_covered"])

    def test_as_json_alone_on_standard_error(self):
        result = self.run_command("--format=json", "--", STATEMENT)
        self.assertEqual(json.loads(result.stderr)["findings"], [])

    def test_names_the_signal_that_ended_the_program(self):
        text = "import sqlite3, os; sqlite3.connect(':memory:').execute('SELECT 1'); os.kill(os.getpid(), 9)"
        result = self.run_command("--", "/usr/bin/python3", "-c", text)
        self.assertEqual(result.returncode, 137)
        self.assertIn("SIGKILL", result.stderr)


class Recordings(CommandLineTest):
    def test_are_removed_after_the_report(self):
        self.run_command("--", STATEMENT)
        self.assert_leaves_nothing()

    def earlier(self, folder, name, *files):
        """What an earlier run has left, or what looks like it."""
        (folder / name).mkdir(parents=True)
        for file in files:
            (folder / name / file).touch()

    def test_no_more_are_kept_than_asked_for(self):
        """But what may still be written, and what is none of a run's, stays."""
        folder = self.folder / "recordings"
        for day in range(1, 6):
            self.earlier(folder, f"run-2020010{day}-120000-abcdef", "endings.txt", "a.hgr", "launches")
        self.earlier(folder, "run-20191231-120000-goeson", "a.hgr")
        self.earlier(folder, "run-20191231-120000-foreign", "endings.txt", "a.hgr")
        self.earlier(folder, "run-20191231-120000-notes0", "endings.txt", "a.hgr", "notes.md")
        self.run_command("-o", folder, "--keep-last=3", "--", STATEMENT)
        kept = sorted(path.name for path in folder.iterdir())
        self.assertEqual(kept[:5], ["run-20191231-120000-foreign", "run-20191231-120000-goeson", "run-20191231-120000-notes0",
                                    "run-20200104-120000-abcdef", "run-20200105-120000-abcdef"])
        self.assertEqual(len(kept), 6)
        self.assertTrue((folder / "run-20191231-120000-notes0/a.hgr").exists())
        cleaned = self.handleguard("clean", folder, "--keep-last", "2")
        self.assertEqual((cleaned.returncode, cleaned.stdout, cleaned.stderr), (0, "removed 1 run\n", ""))
        self.assertFalse((folder / "run-20200104-120000-abcdef").exists())

    def test_the_cache_can_be_emptied(self):
        cache = self.folder / "cache"
        self.run_command("--", STATEMENT, env={"XDG_CACHE_HOME": cache})
        (cache / "handleguard/mine.so").touch()
        cleaned = self.handleguard("clean", env={"XDG_CACHE_HOME": cache})
        self.assertEqual((cleaned.returncode, cleaned.stdout), (0, "removed 1 preload object\n"))
        self.assertEqual([path.name for path in (cache / "handleguard").iterdir()], ["mine.so"])

    def test_are_kept_in_a_folder_of_the_run(self):
        folder = self.folder / "recordings"
        for _ in range(2):
            result = self.run_command("-o", folder, "--", STATEMENT)
            self.assertIn(f"handleguard run: the recordings are in {folder}/run-", result.stderr)
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        runs = list(folder.iterdir())
        self.assertEqual(len(runs), 2)
        for run in runs:
            self.assertEqual(sorted(path.suffix for path in run.iterdir()), [".hgr", ".txt"])
            self.assertEqual(run.stat().st_mode & 0o777, 0o700)

    def test_of_an_earlier_run_are_not_reported_again(self):
        self.assertEqual(self.run_command("-o", self.folder / "r", "--", STATEMENT, "twice").returncode, 97)
        self.assertEqual(self.run_command("-o", self.folder / "r", "--", STATEMENT).returncode, 0)

    def test_are_kept_with_how_the_processes_ended(self):
        # None of these runs exit handlers, so that no recording of them tells more than that.
        for ending, told in (("os._exit(0)", {"how": "status", "status": 0}), ("os._exit(3)", {"how": "status", "status": 3}),
                             ("os.kill(os.getpid(), 9)", {"how": "signal", "signal": 9})):
            folder = self.folder / "r" / ending
            folder.mkdir(parents=True)
            text = f"import sqlite3, os; sqlite3.connect(':memory:').execute('SELECT 1').close(); {ending}"
            self.run_command("-o", folder, "--", "/usr/bin/python3", "-c", text)
            for path in (folder, *folder.glob("*/*.hgr")):
                (recording,) = json.loads(self.handleguard("report", "--format=json", path).stdout)["recordings"]
                self.assertEqual(recording["ended"], recording["ended"] | told)

    def test_are_kept_with_how_orphans_ended(self):
        result = self.run_command("-o", self.folder / "r", "--", "/usr/bin/python3", "-c", ORPHAN)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("ended by signal 9 (SIGKILL)", self.handleguard("report", self.folder / "r").stdout)

    def test_are_kept_if_asked(self):
        result = self.run_command("--keep", "--", STATEMENT)
        (run,) = (self.folder / "tmp").iterdir()
        self.assertIn(f"handleguard run: the recordings are in {run}\n", result.stderr)
        reported = self.handleguard("report", run)
        self.assertEqual(reported.returncode, 0, reported.stderr)

    def test_none_leave_no_folder(self):
        self.run_command("--keep", "--", "true")
        self.assert_leaves_nothing()
        self.run_command("-o", self.folder / "r", "--", "true")
        self.assertEqual(list((self.folder / "r").iterdir()), [])


class Signals(CommandLineTest):
    """A program that says when it is ready, and how it was told to end."""

    def start(self, text, options=(), **keywords):
        """Starts the program, and returns when it has said that it is ready."""
        self.stderr = open(self.folder / "stderr", "w+", encoding="utf-8")
        self.addCleanup(self.stderr.close)
        process = subprocess.Popen([PROGRAM, "run", "-m", "sqlite3", *options, "--", "/usr/bin/python3", "-c", text],
                                   stdout=subprocess.PIPE, stderr=self.stderr, text=True, env=self.environment,
                                   **keywords)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    def finish(self, process):
        """The rest of what was said on standard output, and all on standard error."""
        stdout = process.stdout.read()
        process.wait(timeout=300)
        self.stderr.seek(0)
        return stdout, self.stderr.read()

    CATCHER = """
import signal, sys
caught = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2}
signal.pthread_sigmask(signal.SIG_BLOCK, caught)
print("ready", flush=True)
print(signal.sigwait(caught).name, flush=True)
sys.exit(7)
"""

    def test_are_passed_on(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2):
            process = self.start(self.CATCHER)
            process.send_signal(number)
            stdout, stderr = self.finish(process)
            self.assertEqual((stdout, process.returncode), (f"{number.name}\n", 7))
            self.assertTrue(stderr.startswith(NOTHING_COVERED))

    def test_the_tool_outlives_a_program_that_they_end(self):
        process = self.start("""
import signal, sqlite3
signal.signal(signal.SIGINT, signal.SIG_DFL)
sqlite3.connect(":memory:").execute("SELECT 1")
print("ready", flush=True)
signal.pause()
""")
        process.send_signal(signal.SIGINT)
        _, stderr = self.finish(process)
        self.assertEqual(process.returncode, 128 + signal.SIGINT)
        self.assertIn("SIGINT", stderr)

    def test_a_program_that_goes_on_is_reported_on_before_it_ends(self):
        """Who cancels a job sends SIGTERM, and soon after that SIGKILL, also to the tool."""
        report, pattern = self.folder / "report-1.txt", self.folder / "report-%n.txt"
        process = self.start("""
import signal, sqlite3
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
sqlite3.connect(":memory:").execute("SELECT 1")
print("ready", flush=True)
signal.sigwait([signal.SIGUSR1])
""", options=["--report", pattern])
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 30
        while not report.exists():
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        self.assertIn("0 findings in 1 recording; 1 process is still running\n", report.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGUSR1)
        _, stderr = self.finish(process)
        self.assertEqual(process.returncode, 0)
        self.assertTrue(report.read_text(encoding="utf-8").startswith("handleguard: 0 findings in 1 recording\n"))
        self.assertEqual(list(self.folder.glob("report-*")), [report])
        self.assertIn("handleguard run: the program goes on after SIGTERM; this is the report so far\n", stderr)

    def test_dispositions_are_the_callers(self):
        text = "import signal; print('ready'); print(signal.getsignal(signal.SIGCHLD).name, " \
               "signal.pthread_sigmask(signal.SIG_BLOCK, []))"

        def prepare():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
        process = self.start(text, preexec_fn=prepare)
        stdout, _ = self.finish(process)
        self.assertEqual(stdout, f"SIG_IGN {{{signal.SIGUSR2!r}}}\n")
        self.assertEqual(process.returncode, 0)


class Descendants(CommandLineTest):
    def test_one_that_goes_on_is_not_waited_for(self):
        pid_file = self.folder / "pid"
        started = time.monotonic()
        result = self.run_command("--", "sh", "-c",
                                  f"sleep 100 >/dev/null 2>&1 </dev/null & echo $! > {pid_file}")
        self.assertEqual(result.returncode, 0)
        os.kill(int(pid_file.read_text()), signal.SIGKILL)
        self.assertLess(time.monotonic() - started, 50)

    def test_an_orphan_that_was_killed_is_told(self):
        # The orphan's recording says that it did not end cleanly; only who waited for it knows why.
        result = self.run_command("--", "/usr/bin/python3", "-c", ORPHAN)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("SIGKILL", result.stderr)

    def test_each_process_has_its_recording(self):
        folder = self.folder / "r"
        self.run_command("-o", folder, "--", "sh", "-c", f"{STATEMENT}; {STATEMENT}; {STATEMENT} & wait")
        self.assertEqual(len(list(folder.glob("run-*/*.hgr"))), 3)


class StaticProgram(CommandLineTest):
    """Nothing can be preloaded into it: it runs all the same, and one line says that it is not guarded."""
    LINE = (f"handleguard run: {STATIC}: is statically linked, so nothing can be preloaded into it, and it runs unguarded; "
            "link it dynamically, put guards into it with 'handleguard manifest link --static', or embed them with "
            "handleguard.h\n")

    def test_runs_with_its_own_status(self):
        result = self.run_command("--", STATIC)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", self.LINE, 3))
        self.assert_leaves_nothing()

    def test_as_the_interpreter_of_a_script(self):
        inner = self.script(f"#!{STATIC}\n", "inner")
        for first in (f"#!{STATIC} -x\n", f"#! {inner}\n"):
            self.assertEqual(self.run_command("--", self.script(first)).stderr, self.LINE)

    def test_what_it_starts_is_guarded(self):
        result = self.run_command("--require-coverage", "--", STATIC, "exec", STATEMENT, "twice")
        self.assertTrue(result.stderr.startswith(self.LINE), result.stderr)
        self.assertIn("repeat-free", result.stderr)
        self.assertEqual(result.returncode, 97)

    def test_is_an_error_where_coverage_is_required(self):
        result = self.run_command("--require-coverage", "--", STATIC, "exec", "/bin/true")
        self.assertTrue(result.stderr.startswith(self.LINE + NOTHING_COVERED), result.stderr)
        self.assertEqual(result.returncode, 125)


class LostReader(CommandLineTest):
    """Whoever reads the report may leave before its end, or end the tool meanwhile; no folder stays behind."""

    def start(self, *options, **keywords):
        command = ["sh", "-c", f"{STATEMENT} twice >/dev/null"]
        return subprocess.Popen([PROGRAM, "run", "-m", "sqlite3", *options, "--", *command], env=self.environment, **keywords)

    def test_the_findings_decide_all_the_same(self):
        for option, lost in (("--stacks=on", "stderr"), ("--report=-", "stdout"), ("--report=/dev/stdout", "stdout"),
                             ("--report=/dev/stderr", "stderr"), ("--format=json", "stderr")):
            read, write = os.pipe()
            os.close(read)
            with open(write, "wb") as end:
                process = self.start(option, **({"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {lost: end}))
            self.assertEqual(process.wait(timeout=300), 97, option)
            self.assert_leaves_nothing()

    def test_the_program_has_the_signal_of_a_lost_reader_as_it_was(self):
        for action, ignored in (signal.SIG_DFL, False), (signal.SIG_IGN, True):
            result = self.run_command("--", "grep", "SigIgn", "/proc/self/status", restore_signals=False,
                                      preexec_fn=lambda action=action: signal.signal(signal.SIGPIPE, action))
            self.assertEqual(bool(int(result.stdout.split()[1], 16) >> signal.SIGPIPE - 1 & 1), ignored)

    def await_write(self, pid):
        """Until the process waits in a system call on its standard error."""
        while not re.match(r"\d+ 0x2 ", pathlib.Path(f"/proc/{pid}/syscall").read_text(encoding="ascii")):
            time.sleep(0.01)

    def test_ended_in_the_middle_of_its_report(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT:
            read, write = os.pipe()
            os.write(write, bytes(fcntl.fcntl(write, fcntl.F_GETPIPE_SZ)))  # nobody reads: the next one to write waits
            process = self.start(stderr=write)
            os.close(write)
            self.await_write(process.pid)
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=300), -number)
            os.close(read)
            self.assert_leaves_nothing()

    def test_a_folder_to_keep_stays(self):
        read, write = os.pipe()
        os.close(read)
        with open(write, "wb") as end:
            self.start("-o", self.folder / "r", stderr=end).wait(timeout=300)
        self.assertEqual(self.handleguard("report", self.folder / "r").returncode, 1)


class WithoutProc(CommandLineTest):
    """As in a bare chroot, where the tool cannot ask where it is."""

    def test_the_runtime_is_found_all_the_same(self):
        # By the tool's path, by a relative one, and by a name that is looked up.
        for program in PROGRAM, "./handleguard", "handleguard":
            result = self.without_proc(program, "run", "-m", "sqlite3", "--", "./cli_statement", "twice")
            self.assertEqual((result.stdout, result.returncode), ("done\n", 97), result.stderr)
            self.assertIn("repeat-free", result.stderr)

    def without_proc(self, *command):
        hidden = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]
        if subprocess.run([*hidden, "true"], check=False, capture_output=True).returncode != 0:
            self.skipTest("mounting is not permitted here")
        return subprocess.run([*hidden, *command], capture_output=True, text=True, check=False, cwd=BIN,
                              env=self.environment | {"PATH": f"{BIN}:{os.environ['PATH']}"})


class Misc(CommandLineTest):
    def test_a_program_by_its_path(self):
        result = self.run_command("--", "./cli_statement", cwd=BIN)
        self.assertEqual(result.stdout, "done\n")

    def test_the_report_has_no_colour_in_a_pipe(self):
        result = self.run_command("--", STATEMENT, "twice")
        self.assertNotIn("\033", result.stderr)

    def test_colour_where_it_is_asked_for(self):
        folder, path = self.folder / "recordings", self.folder / "report.txt"
        for use, there in ("always", True), ("never", False), ("auto", False):
            result = self.run_command("-o", folder, f"--color={use}", "--report", path, "--", STATEMENT, "twice")
            told = self.handleguard("report", f"--color={use}", folder).stdout
            for text in result.stderr, path.read_text(encoding="utf-8"), told:
                self.assertEqual("\033[1mhandleguard: " in text, there, use)
        self.assert_fails(self.run_command("--color=yes", "--", "true"), 125,
                          "handleguard run: --color is 'yes', but must be one of auto, always, never")
        self.assertIn("--color does not take 'yes'; it takes auto, always or never",
                      self.handleguard("report", "--color=yes", folder).stderr)

    def read_terminal(self, ours):
        """All that is said there, until nobody has it open any more."""
        text = b""
        try:
            while more := os.read(ours, 4096):
                text += more
        except OSError:
            pass
        os.close(ours)
        return text

    def test_colour_on_a_terminal(self):
        for options, environment, there in ((), {}, True), (("--color=never",), {}, False), ((), {"NO_COLOR": "1"}, False):
            ours, theirs = os.openpty()
            with subprocess.Popen([PROGRAM, "run", "-m", "sqlite3", *options, "--", STATEMENT, "twice"], stdout=theirs,
                                  stderr=theirs, env=self.environment | {"TERM": "xterm"} | environment):
                os.close(theirs)
                text = self.read_terminal(ours)
            self.assertEqual(b"\033[" in text, there, (options, environment))


if __name__ == "__main__":
    unittest.main()
