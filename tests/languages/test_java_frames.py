"""The user's own frames of Java programs: on each side of a finding the same methods, files and lines that Java tells of that
stack itself; and that asking for them holds up nobody.

HANDLEGUARD_TEST_JAVAS names Java VMs to try; without it Debian's is meant.
"""
import json
import os
import re
import subprocess
import unittest

import languages
import test_java

JAVAS = os.environ.get("HANDLEGUARD_TEST_JAVAS", "/usr/bin/java").split()
FOLDER = languages.HERE / "java"
MOST = 64  # frames of a stack that are kept
WAYS = ["by_method", "by_lambda", "by_reflection", "by_recursion", "by_thread", "with_exception", "in_critical_region",
        "by_finalizer", "by_cleaner", "finalized_by_hand", "by_queue"]
VIRTUAL = ["by_virtual_thread", "of_virtual_thread"]  # since Java 21
WHO = {"by_finalizer": "a finalizer that the Java garbage collector ran",
       "by_cleaner": "a cleaner that the Java garbage collector ran"}
# By the program's own hand, whatever the collector had to do with it.
WRITTEN = "by_method", "by_thread", "finalized_by_hand", "cleaned_by_hand", "by_queue"
HIDDEN = {"java.lang.Thread.runWith", "jdk.internal.reflect.DirectMethodHandleAccessor.invokeImpl"}  # Java marks them so


def of_report(call):
    return [[frame["function"], frame["file"], frame["line"]] for frame in call["frames"] if frame["function"] not in HIDDEN]


def is_same(told, truth):
    """Java's own traces have the frames that the VM makes for itself; those are not told, nor any beyond the first."""
    return len(told) >= min(len(truth), MOST - len(HIDDEN)) and told == truth[:len(told)]


def version(java):
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    return int(re.search(r'version "(\d+)', said)[1])


def collectors(java):
    """Those that this VM was built with."""
    for name in "Serial", "Parallel", "G1", "Z", "Shenandoah":
        option = f"-XX:+Use{name}GC"
        if subprocess.run([java, option, "-version"], capture_output=True, check=False).returncode == 0:
            yield option


class JavaFrames(languages.LanguageTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.environment["LD_LIBRARY_PATH"] = str(languages.GATE)
        test_java.compile_programs(self)

    def run_guarded(self, java, *command):
        path = self.folder / "report.json"
        quiet = ["--enable-native-access=ALL-UNNAMED"] if version(java) >= 22 else []
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--repeat-limit=200", "--format=json",
                                  "--report", path, "--", java, *quiet, f"-Djava.library.path={self.folder}",
                                  "-cp", self.folder, *command)
        self.assertTrue(path.exists(), result.stdout + result.stderr)
        if "by_shutdown_hook" not in command:
            self.assertIn(result.stdout.splitlines()[-1:], (["done"], []), result.stdout + result.stderr)
        return json.loads(path.read_text(encoding="utf-8")), result

    def hold_against_java(self, java, *command):
        """For each way one finding has all the frames that Java tells."""
        told, result = self.run_guarded(java, *command)
        counters = told["recordings"][0]["counters"]
        self.assertEqual({name: counters[name] for name in ("told-full", "told-gone") if counters[name]}, {})
        lines = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
        for line in lines:
            way, sides = line["way"], line["sides"]
            found = [finding for finding in told["findings"] if is_same(of_report(finding["call"]), sides["call"])]
            self.assertEqual(len(found), 1, (way, sides["call"], [of_report(each["call"]) for each in told["findings"]]))
            self.assertEqual(of_report(found[0]["create"]), sides["create"], way)
            self.assertEqual([of_report(op) for op in found[0]["in_flight"]], [sides["in_flight"]], way)
            self.assertEqual({frame["language"] for frame in found[0]["call"]["frames"]}, {"java"})
            if way in WHO or way in WRITTEN:
                self.assertEqual(found[0]["call"]["run_by"], WHO.get(way), way)
        return [line["way"] for line in lines]

    def test_every_side_is_what_java_tells(self):
        for java in JAVAS:
            ways = WAYS + (VIRTUAL if version(java) >= 21 else [])
            for options in [], ["-Xint"], ["-Xcomp"]:
                with self.subTest(java=java, options=options):
                    self.assertEqual(self.hold_against_java(java, *options, "Frames", *ways), ways)

    def test_a_shutdown_hook_is_told_as_java_tells_it(self):
        for java in JAVAS:
            with self.subTest(java=java):
                self.assertEqual(self.hold_against_java(java, "Frames", "by_shutdown_hook"), ["by_shutdown_hook"])

    def test_a_cleaner_that_is_run_by_hand_is_told(self):
        """On its own: the innermost frames are those of a cleaner that the collector has run, and a place has no more."""
        for java in JAVAS:
            with self.subTest(java=java):
                self.assertEqual(self.hold_against_java(java, "Frames", "cleaned_by_hand"), ["cleaned_by_hand"])

    def test_every_collector_moves_what_it_likes(self):
        for java in JAVAS:
            for option in collectors(java):
                with self.subTest(java=java, option=option):
                    self.assertEqual(self.hold_against_java(java, option, "Frames", *WAYS), WAYS)

    def test_the_vms_own_checks_have_nothing_to_say(self):
        for java in JAVAS:
            with self.subTest(java=java):
                _, result = self.run_guarded(java, "-Xcheck:jni", "Frames", "by_method", "by_cleaner", "by_thread")
                self.assertNotRegex(result.stdout + result.stderr, "WARNING|FATAL")

    def test_handler_of_a_signal_has_no_frames(self):
        for java in JAVAS:
            with self.subTest(java=java):
                told, _ = self.run_guarded(java, "Frames", "in_signal_handler")
                finding, = told["findings"]
                self.assertEqual(of_report(finding["call"]), [])

    def test_call_that_has_called_back_has_no_frames_of_the_callback(self):
        expected = {"outer": [[]], "own": [[]], "inner": [["Gate.await", "Callbacks.lambda$closeFromOutside$0", "Gate.call"]]}
        for java in JAVAS:
            for way, frames in expected.items():
                with self.subTest(java=java, way=way):
                    told, _ = self.run_guarded(java, "Callbacks", way)
                    finding, = told["findings"]
                    self.assertEqual([[frame["function"] for frame in op["frames"]][:3] for op in finding["in_flight"]], frames)
                    self.assertTrue(of_report(finding["call"]))

    def test_a_hundred_lines_of_one_method_are_a_hundred_places(self):
        source = self.folder / "Lines.java"
        text = (FOLDER / "Lines.java").read_text(encoding="utf-8")
        source.write_text(text.replace("\t\t// LINES\n", "".join(f"\t\tclose(gates[{i}]);\n" for i in range(100))),
                          encoding="utf-8")
        first = text[:text.index("\t\t// LINES")].count("\n") + 1
        self.build(test_java.JAVA / "bin/javac", "-cp", self.folder, "-d", self.folder, source)
        for java in JAVAS:
            with self.subTest(java=java):
                told, _ = self.run_guarded(java, "Lines")
                places = [finding["call"]["frames"][2]["line"] for finding in told["findings"]]
                self.assertEqual(sorted(places), list(range(first, first + 100)))

    def test_collections_forks_and_the_end_are_held_up_by_nobody(self):
        for java in JAVAS:
            for option in collectors(java):
                for what in "collect", "fork", "exit":
                    with self.subTest(java=java, option=option, what=what):
                        told, result = self.run_guarded(java, option, "-Xmx64m", "Busy", what)
                        self.assertEqual(result.returncode, 0, result.stderr)
                        self.assertEqual({finding["kind"] for finding in told["findings"]} - {"leak"}, set())


if __name__ == "__main__":
    unittest.main()
