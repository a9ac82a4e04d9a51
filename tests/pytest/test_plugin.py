"""The plugin for pytest: at which test a finding is told, and how; and that nothing else is."""
import re
import shlex
import shutil
import unittest

import plugin
from plugin import MANIFEST, findings, outcomes

REPEAT = "error: repeat-free of gate, gate_close against gate_close"
LATE = "error: late-op of gate, gate_touch against gate_close"
FAILS = {"test_call": ["failure"], "test_parameter[1]": ["failure"], "test_parameter[2]": ["failure"],
         "test_often[1]": ["failure"], "test_often[2]": ["failure"], "test_setup": ["error"], "test_teardown": ["error"],
         "test_fails_itself": ["failure"], "test_method": ["failure"], "test_lets_thread_go": ["failure"],
         "test_accepts_one_of_two": ["failure"], "test_leaves_garbage": ["error"], "test_is_given_garbage": ["error"],
         "test_replaces_what_programs_are_started_with": ["failure"]}
PASSES = ("test_clean", "test_leaves_thread", "test_accepts", "test_after_garbage")
FOUND = {name: [REPEAT] for name in [*FAILS, "test_accepts", "test_expected"]} | {
    "test_accepts_one_of_two": [REPEAT, LATE], "test_often[1]": [f"{REPEAT}, 12 times"], "test_often[2]": [f"{REPEAT}, 12 times"]}


def without_time(text):
    return re.sub(r"in [0-9.]+s", "in TIME", text)


class Plugin(plugin.PluginTest):
    maxDiff = None

    def test_findings_belong_to_tests(self):
        cases, result = self.cases("--handleguard-gc", "test_found.py")
        self.assert_ends(result, 1)
        self.assertEqual(outcomes(cases), {**FAILS, **{name: [] for name in PASSES}, "test_expected": ["skipped"]})
        self.assertEqual({name: sorted(findings(case), reverse=True) for name, case in cases.items() if findings(case)}, FOUND)
        self.check_texts(cases, result.stdout)
        self.assertRegex(result.stderr, r"\Ahandleguard: (\d+) findings in 1 recording: \1 errors; \1 told by the runner of the tests\n\Z")

    def check_texts(self, cases, stdout):
        call = cases["test_call"].find("failure")
        self.assertEqual(call.get("message"), f"handleguard: {REPEAT.removeprefix('error: ')}")
        self.assertRegex(call.text, r"(?m)^The call: gate_close in thread .*, in test_found.py::test_call$\n"
                                    r"^  #0  close_twice at gates.py:\d+$\n^  #1  test_call at test_found.py:\d+$\nThe free: ")
        self.assertNotIn("pluggy", call.text)
        self.assertIn(", in test_found.py::test_parameter[2]\n", cases["test_parameter[2]"].find("failure").text)
        self.assertIn(", 1 xfailed, ", stdout)
        thread = cases["test_lets_thread_go"].find("failure").text
        self.assertIn(", in test_found.py::test_leaves_thread\n", thread)
        self.assertNotIn("It came too often", cases["test_often[1]"].find("failure").text)
        self.assertIn("It came too often", cases["test_often[2]"].find("failure").text)
        self.assertIn("what it is about", cases["test_fails_itself"].find("failure").text)
        self.assertIn("- handleguard: repeat-free of gate", re.search("FAILED test_found.py::test_call .*", stdout)[0])
        self.assertRegex(stdout, r"-+ handleguard -+\nerror: repeat-free of gate")  # the section of the test that fails itself
        self.assertRegex(stdout, rf"test_accepts: accepted: {REPEAT}: it is about the second close\n")
        self.assertRegex(stdout, rf"test_expected: {REPEAT}\n  The call: gate_close, .* at .*, in test_found.py::test_expected\n")

    def test_output_is_the_same_where_nothing_is_found(self):
        alone, guarded = (self.pytest("-v", "test_quiet.py", guard=guard) for guard in (False, True))
        self.assertEqual(without_time(guarded.stdout), without_time(alone.stdout))
        self.assertEqual((alone.returncode, guarded.returncode), (1, 1))
        self.assertEqual((alone.stderr, guarded.stderr), ("", "handleguard: 0 findings in 1 recording\n"))

    def test_file_says_how(self):
        """And a finding that only is to be reported."""
        (self.guests / "pyproject.toml").write_text(f"""
[tool.pytest.ini_options]
handleguard = ["./{MANIFEST.name}"]
handleguard_mode = "observe"
handleguard_fail_on = "never"
""", encoding="utf-8")
        shutil.copy(MANIFEST, self.guests)
        cases, result = self.cases("test_found.py", "-k", "call", guard=False)
        self.assert_ends(result, 0)
        self.assertEqual(outcomes(cases), {"test_call": []})
        self.assertIn(f"\ntest_found.py::test_call: {REPEAT}\n", result.stdout)
        self.assertEqual(result.stderr, "handleguard: 1 finding in 1 recording: 1 error; 1 told by the runner of the tests\n")

    def test_races_are_provoked(self):
        """Two runs learn of what is done once; then the call is held back, until the other thread closes."""
        for line in "passed gate", "pair gate_touch@":
            self.assert_ends(self.pytest("--handleguard-learn=learned", "test_near.py"), 0)
            self.assertIn(line, (self.guests / "learned").read_text(encoding="utf-8"))
        self.environment["HELD"] = "1"
        result = self.pytest("--handleguard-provoke", "--handleguard-learn=learned", "--handleguard-points=b",
                             "--handleguard-delay=60000", "--handleguard-budget=100", "test_near.py")
        self.assert_ends(result, 1)
        self.assertIn("FAILED test_near.py::test_near - handleguard: late-op of gate", result.stdout)
        self.assertIn("This was provoked: gate_touch was held back before it entered",
                      re.sub(r"\s+", " ", result.stdout))
        (self.guests / "pyproject.toml").write_text(f"""
[tool.pytest.ini_options]
handleguard = ["{MANIFEST}"]
handleguard_replay = "learned"
handleguard_delay = "60000"
""", encoding="utf-8")
        self.assert_ends(self.pytest("test_near.py", guard=False), 1)

    def test_program_that_calls_pytest(self):
        """It is told what to type, and that does it."""
        result = self.run_program(self.python, "host.py", "-p", "no:cacheprovider", f"--handleguard={MANIFEST}",
                                  "test_found.py", "-k", "call")
        self.assert_ends(result, 4)
        self.assertEqual(result.stdout, "")
        typed = shlex.split(result.stderr.partition("start it so: ")[2])
        self.assertEqual(typed[0], "handleguard")
        result = self.run_program(*typed)
        self.assert_ends(result, 1)
        self.assertIn("test_call - handleguard: repeat-free", result.stdout)

    def test_outside_of_tests(self):
        """Nobody has told what came before the tests or after them, or in a program that a test has started: the run fails."""
        result = self.pytest("test_outside.py")
        self.assert_ends(result, 97)
        self.assertIn("2 passed", result.stdout)
        self.assertNotIn("handleguard ==", result.stdout)
        self.assertTrue(result.stderr.startswith("handleguard: 3 findings in 2 recordings: 3 errors\n"), result.stderr)
        for whose in "closes_while_collected", "closes_at_exit", "<module> at <string>":
            self.assertIn(whose, result.stderr)

    def test_marker_without_reason(self):
        result = self.pytest("test_without_reason.py")
        self.assert_ends(result, 4)
        self.assertIn("test_gives_no_reason: the marker handleguard_accept ", result.stderr + result.stdout)


if __name__ == "__main__":
    unittest.main()
