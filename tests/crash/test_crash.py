"""What a recording holds when its process was killed, and while it lives.

Usage: test_crash.py FOLDER_OF_PROGRAMS PRELOAD_OBJECT HANDLEGUARD [TEST...]
"""
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAMS, PRELOAD, HANDLEGUARD = pathlib.Path(), "", ""
SECONDS = 2


def start(program, *arguments, folder, **options):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
    asked = {f"HANDLEGUARD_{key}": value for key, value in options.items()}
    return subprocess.Popen([PROGRAMS / program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                            env=clean | {"LD_PRELOAD": PRELOAD, "HANDLEGUARD_OUTPUT": str(folder)} | asked)


def handles_told(text):
    return dict(re.findall(r"^handle (\S+) (\S+)$", text, re.MULTILINE))


class CrashTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="handleguard-crash-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def report(self):
        result = subprocess.run([HANDLEGUARD, "report", "--format", "json", self.folder], capture_output=True,
                                text=True, timeout=300, check=False)
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.returncode, 1)
        return json.loads(result.stdout)

    def assert_parked(self, recording, handles):
        """Everything that parked.c leaves in flight, and nothing else."""
        found = {(op["function"], *op["handles"], op["thread"]["name"], op["free_or_create"])
                 for op in recording["in_flight"]}
        g, other = handles["g"], handles["other"]
        self.assertEqual(found, {("gate_wait", g, "first", False), ("gate_splice", g, other, "second", False),
                                 ("gate_call", other, "third", False), ("gate_wait", g, "third", False),
                                 ("gate_close", g, "closer", True)})
        self.assertEqual(len(recording["in_flight"]), 5)
        for op in recording["in_flight"]:
            expected = {"gate_wait": "wait_in", "gate_splice": "splice", "gate_call": "nest", "gate_close": "close_it"}
            self.assertEqual(op["stack"][0]["function"], expected[op["function"]])
            self.assertGreater(op["thread"]["id"], 0)
        self.assertFalse(recording["clean_exit"])

    def assert_freed_twice(self, told, handles):
        finding, = [finding for finding in told["findings"] if finding["kind"] == "repeat-free"]
        self.assertEqual(finding["handle"], handles["freed"])
        self.assertEqual(finding["count"], 1)
        self.assertEqual([finding[side]["stack"][0]["function"] for side in ("call", "free", "create")],
                         ["close_again", "free_twice", "free_twice"])

    def assert_free_waits(self, told, handles, words):
        """The free that parked.c leaves waiting, and whom it waits for."""
        finding, = [finding for finding in told["findings"] if finding["kind"] == "late-free"]
        self.assertTrue(finding["unfinished"])
        self.assertIn(f"The free {words}.", finding["story"])
        self.assertEqual((finding["handle"], finding["count"]), (handles["g"], 1))
        self.assertEqual(finding["call"]["stack"][0]["function"], "close_it")
        self.assertEqual(sorted(op["stack"][0]["function"] for op in finding["in_flight"]),
                         ["splice", "wait_in", "wait_in"])

    def test_killed_at_a_gate(self):
        process = start("parked", "kill", folder=self.folder)
        text = process.communicate(timeout=300)[0]
        self.assertEqual(process.returncode, -signal.SIGKILL)
        told = self.report()
        self.assert_parked(told["recordings"][0], handles_told(text))
        self.assert_freed_twice(told, handles_told(text))
        self.assert_free_waits(told, handles_told(text), "was still waiting for them when the process ended")
        self.assertEqual(len(told["findings"]), 2)
        self.assertEqual(told["recordings"][0]["ended"]["how"], "unknown")

    def test_replaced_by_exec(self):
        process = start("parked", "exec", folder=self.folder)
        text = process.communicate(timeout=300)[0]
        self.assertEqual(process.returncode, -signal.SIGKILL)
        told = self.report()
        first, second = sorted(told["recordings"], key=lambda recording: recording["command"])
        for recording, life in zip((first, second), re.findall(r"(?:.+\n){3}", text)):
            self.assertEqual(recording["pid"], process.pid)
            self.assert_parked(recording, handles_told(life))
        self.assertEqual((first["ended"]["how"], second["ended"]["how"]), ("exec", "unknown"))
        self.assertEqual([(finding["kind"], finding["count"]) for finding in told["findings"]],
                         [("late-free", 2), ("repeat-free", 2)])

    def test_read_while_it_lives(self):
        process = start("parked", "wait", folder=self.folder)
        text = ""
        while not text.endswith("parked\n"):
            text += process.stdout.readline()
        told = self.report()
        self.assert_parked(told["recordings"][0], handles_told(text))
        self.assert_freed_twice(told, handles_told(text))
        self.assert_free_waits(told, handles_told(text), "is still waiting for them")
        self.assertEqual(told["recordings"][0]["ended"]["how"], "running")
        process.communicate("\n", timeout=300)
        self.assertEqual(process.returncode, 0)
        told = self.report()
        self.assertEqual(told["recordings"][0]["in_flight"], [])
        self.assertTrue(told["recordings"][0]["clean_exit"])
        self.assertEqual([(finding["kind"], finding["unfinished"]) for finding in told["findings"]],
                         [("late-free", False), ("repeat-free", False)])

    def assert_whole(self, finding):
        """Made of parts that belong together."""
        # The example may have been overwritten; then only the two sides are known, and how often.
        sides = ("call", "free", "create") if finding["example"] else ("call", "free")
        parts = tuple(finding[side] and finding[side]["function"] for side in sides)
        whole = {"repeat-free": ("gate_close_at", "gate_try_close", "gate_make"),
                 "late-op": ("gate_touch", "gate_close", "gate_open"), "late-free": ("gate_close", None, "gate_open")}
        self.assertEqual(parts, whole[finding["kind"]][:len(sides)])
        self.assertEqual(finding["class"], "gate")
        self.assertGreater(finding["count"], 0)
        if not finding["example"]:
            return
        self.assertGreater(int(finding["handle"], 16), 0)
        self.assertGreater(finding["generation"], 0)
        for op in finding["in_flight"]:
            self.assertEqual(op["function"], "gate_touch")

    def kill_at_random(self, chance):
        # A small ring that is overwritten all the time: the kill often strikes in the middle of a finding.
        process = start("busy", folder=self.folder, RING_KIB="64", REPEAT_LIMIT="1000000")
        self.assertEqual(process.stdout.readline(), "busy\n")
        time.sleep(chance.uniform(0, 0.02))
        process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)
        process.communicate()
        for finding in self.report()["findings"]:
            self.assert_whole(finding)
        for recording in self.folder.glob("*.hgr"):
            recording.unlink()

    def test_killed_at_random(self):
        seed = random.randrange(1 << 32)
        end = time.monotonic() + SECONDS
        with self.subTest(seed=seed):
            chance = random.Random(seed)
            while time.monotonic() < end:
                self.kill_at_random(chance)


if __name__ == "__main__":
    PROGRAMS, PRELOAD, HANDLEGUARD = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
