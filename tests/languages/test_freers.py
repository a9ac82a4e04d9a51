"""Who freed a handle: each way that reports tell apart, and ways that look like it.

HANDLEGUARD_TEST_TOOLCHAINS and HANDLEGUARD_TEST_PYTHONS name toolchains and interpreters to try.
"""
import json
import re
import subprocess
import unittest

import languages
from test_go_frames import FLAGS, TOOLCHAINS
from test_python_frames import FOLDER, PYTHONS

CALLBACK = "a callback: the library had called the program"
COUNT = {"go": "under a sync.Mutex each method", "python": "under a threading.Lock each method"}
KEEP = {"go": "Write runtime.KeepAlive(owner)", "python": "hold a reference to the owner"}
# Of each way who freed, if it is told, and the mend.
GO = {
    "after_func": ("a function that context.AfterFunc runs when the context is done", "the stop function that context.AfterFunc"),
    "defer_beside_after_func": (None, COUNT), "started_by_after_func": (None, COUNT), "waits_until_done": (None, COUNT),
    "time": ("a function that time.AfterFunc runs when the time is up", "Stop of the time.Timer"),
    "defer_beside_time": (None, COUNT), "waits_for_time": (None, COUNT),
    "started_by_time": (None, COUNT),
    "finalizer": ("a finalizer that the Go garbage collector ran", KEEP),
    "finalizers_queue": (None, COUNT), "finalize_by_hand": (None, COUNT),
    "cleanup": ("a cleanup that the Go garbage collector ran", KEEP),
    "cleanups_queue": (None, COUNT), "stopped_cleanup": (None, COUNT),
    "callback": (CALLBACK, COUNT), "callbacks_queue": (None, COUNT), "after_callback": (None, COUNT)}
PYTHON = {
    "timer": ("a threading.Timer whose time was up", "cancels the Timer"),
    "timers_queue": (None, COUNT), "timers_function": (None, COUNT), "timer_of_its_own": (None, COUNT),
    "close_beside_timer": (None, COUNT),
    "last_reference": ("a Python __del__ method", KEEP), "dels_queue": (None, COUNT), "del_by_hand": (None, COUNT),
    "collector": ("a Python __del__ method that the garbage collector called", KEEP),
    "collectors_queue": (None, COUNT), "after_collector": (None, COUNT),
    "weak": ("a Python weak reference's callback", KEEP), "weaks_queue": (None, COUNT), "weak_by_hand": (None, COUNT),
    "callback": (CALLBACK, COUNT), "callbacks_queue": (None, COUNT), "after_callback": (None, COUNT),
    "exit": ("the end of the Python interpreter", "join them before the program ends"),
    "exits_queue": (None, COUNT), "after_main": (None, COUNT), "atexit_by_hand": (None, COUNT)}
# In Go, who created the goroutine that freed: how the function's name begins. None: the program's first goroutine.
CREATORS = {
    "after_func": "context.(*afterFuncCtx).cancel", "defer_beside_after_func": None,
    "started_by_after_func": "main.watchers.", "waits_until_done": "main.watchers.", "time": "time.goFunc",
    "defer_beside_time": None, "waits_for_time": "main.watchers.",
    "started_by_time": "main.watchers.", "finalizers_queue": "main.finalizers.",
    "finalize_by_hand": None, "cleanups_queue": "main.cleanups.", "stopped_cleanup": None, "callback": None,
    "callbacks_queue": "main.callbacks.", "after_callback": None}


def has_qualified_names(python):
    return subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False).returncode == 0


class Freers(languages.LanguageTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.environment |= {"LD_LIBRARY_PATH": str(languages.GATE), "PYTHONPATH": str(FOLDER)}

    def told(self, *command):
        """The finding of each way."""
        path = self.folder / "report.json"
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--repeat-limit=200", "--format=json",
                                  "--report", path, "--", *command)
        self.assertTrue(path.exists() and result.stdout.endswith("done\n"), result.stdout + result.stderr)
        ways = {handle: way for way, handle in re.findall(r"way (\S+) (\S+)", result.stdout)}
        findings = json.loads(path.read_text(encoding="utf-8"))["findings"]
        self.assertEqual({finding["kind"] for finding in findings}, {"late-free"})
        self.assertEqual(sorted(ways[finding["handle"]] for finding in findings), sorted(ways.values()))
        return {ways[finding["handle"]]: finding for finding in findings}

    def assert_freers(self, language, expected, findings):
        for way, finding in findings.items():
            who, mend = expected[way]
            with self.subTest(way=way):
                self.assertEqual(finding["call"]["run_by"], who)
                self.assertIn(mend[language] if isinstance(mend, dict) else mend, finding["fix"])

    def test_go(self):
        for toolchain in TOOLCHAINS:
            for flags in [], ["-ldflags=-s -w"], ["-race"]:
                with self.subTest(toolchain=toolchain, flags=flags):
                    program = self.folder / "freers"
                    self.build("go", "build", "-C", languages.HERE / "go/freers", *flags, "-o", program, ".",
                               GOTOOLCHAIN=toolchain, **FLAGS)
                    findings = self.told(program)
                    self.assert_freers("go", GO, findings)
                    for way in CREATORS.keys() & findings.keys():
                        creator = findings[way]["call"]["goroutine_created_by"]
                        name = creator and creator["function"]
                        self.assertTrue(name and name.startswith(CREATORS[way]) if CREATORS[way] else name is None, (way, name))

    def test_python(self):
        for python in PYTHONS:
            with self.subTest(python=python):
                # Before 3.11 functions have no qualified names, and a Timer's looks like any Thread's.
                old = {} if has_qualified_names(python) else {"timer": (None, COUNT)}
                self.assert_freers("python", PYTHON | old, self.told(python, "-B", FOLDER / "freers.py"))


if __name__ == "__main__":
    unittest.main()
