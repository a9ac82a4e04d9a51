"""Node addons: a gate closed under a thread of the pool, and workers whose ending unloads the addon; and what is asked of Node
so that functions of JavaScript have names.

HANDLEGUARD_TEST_NODES names Nodes to try for that; without it Debian's is meant.
"""
import json
import os
import pathlib
import subprocess
import unittest

import languages

NODE = "/usr/bin/node"
NODES = os.environ.get("HANDLEGUARD_TEST_NODES", NODE).split()
HEADERS = "/usr/include/node"


class NodeTest(languages.LanguageTest):
    def compile(self):
        addon = self.folder / "addon.node"
        self.build("gcc", "-g", "-shared", "-fPIC", f"-I{HEADERS}", f"-I{languages.INCLUDE}", "-o", addon,
                   languages.HERE / "node/addon.c", f"-L{languages.GATE}", "-lgate")
        return addon

    def script_path(self, name):
        return languages.HERE / "node" / name


class Node(NodeTest):
    def test_close_while_a_thread_of_the_pool_waits(self):
        self.assert_late_free(NODE, self.script_path("late_free.js"), self.compile())

    def test_a_close_on_the_main_thread_does_not_wait(self):
        """It holds what the program's own code needs to go on."""
        self.drain = "--drain=auto"
        self.assert_late_free(NODE, self.script_path("late_free.js"), self.compile())

    def test_workers_that_end_unload_the_addon(self):
        command = NODE, self.script_path("workers.js"), self.compile()
        bare = subprocess.run([*command, "goes"], capture_output=True, text=True, check=False,
                              env=self.environment | {"LD_LIBRARY_PATH": str(languages.GATE)})
        self.assertEqual(bare.stdout, "done\n", bare.stderr)
        self.assertEqual(self.findings(*command, "stays"), [])


class Freers(NodeTest):
    def test_callbacks_of_a_registry_and_finalizers_are_the_collectors(self):
        """What these only bring about is not."""
        path, addon = self.folder / "report.json", self.compile()
        expected = {"registry": "a FinalizationRegistry's callback, after the JavaScript garbage collector",
                    "registrysQueue": None, "registrysPromise": None, "registrysCallbackByHand": None,
                    "finalizer": "a finalizer that the JavaScript garbage collector ran",
                    "finalizersNote": None, "finalizerByHand": None}
        for node in NODES:
            for way, who in expected.items():
                with self.subTest(node=node, way=way):
                    result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--format=json",
                                              "--report", path, "--", node, "--expose-gc", self.script_path("freers.js"),
                                              addon, way, env={"LD_LIBRARY_PATH": str(languages.GATE)})
                    self.assertEqual(result.stdout, "done\n", result.stderr)
                    finding, = json.loads(path.read_text(encoding="utf-8"))["findings"]
                    self.assertEqual(finding["call"]["run_by"], who)


class Hunted(NodeTest):
    def test_finalizer_is_provoked_to_run_meanwhile(self):
        """Of an addon, while a thread of the pool is held back; and Node does and says what it does and says without."""
        path, addon = self.folder / "report.json", self.compile()

        def kinds(node, way, *options):
            result = self.handleguard("run", "--brief", "-m", languages.MANIFEST, "--provoke", "--format=json", "--report", path,
                                      *options, "--", node, self.script_path("hunted.js"), addon, way,
                                      env={"LD_LIBRARY_PATH": str(languages.GATE)})
            self.assertEqual(result.stdout, "0 undefined undefined\n", result.stderr)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            told = json.loads(path.read_text(encoding="utf-8"))
            return {finding["kind"] for finding in told["findings"] if finding["level"] == "error"}

        for node in NODES:
            with self.subTest(node=node):
                learned = f"--learn={self.folder}/{pathlib.Path(node).parent.parent.name}.learned"
                self.assertTrue(any(kinds(node, "bad", learned) & {"late-op", "late-free"} for _ in range(5)))
                self.assertEqual(kinds(node, "fixed"), set())
                self.assertEqual(kinds(node, "bad", "--provoke-gc=off"), set())

    def test_node_that_may_not_read_what_it_likes_is_given_nothing_to_read(self):
        result = self.handleguard("run", "-m", languages.MANIFEST, "--provoke", "--no-perf-map", "--", NODE,
                                  "--experimental-permission", "-p", "process.env.NODE_OPTIONS")
        self.assertTrue(result.stdout == "undefined\n" or "bad option" in result.stderr, result.stdout + result.stderr)


class Names(NodeTest):
    """Of functions, files, and the lines that they begin in."""

    def run_guarded(self, *command, options=(), node_options=None):
        path = self.folder / "report.json"
        set_options = {"NODE_OPTIONS": node_options} if node_options else {}
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--format=json", "--report", path, *options,
                                  "--", *command, env={"LD_LIBRARY_PATH": str(languages.GATE)} | set_options)
        return json.loads(path.read_text(encoding="utf-8")), result.stdout

    def options_in(self, *command, **keywords):
        """NODE_OPTIONS as the program sees it."""
        return self.run_guarded(*command, **keywords)[1].strip()

    def race(self, node, **keywords):
        told, _ = self.run_guarded(node, self.script_path("late_free.js"), self.compile(), "race", **keywords)
        finding, = told["findings"]
        self.perf_map = pathlib.Path(f"/tmp/perf-{finding['pid']}.map")
        self.addCleanup(self.perf_map.unlink, missing_ok=True)
        return [[(frame["function"], frame["file"], frame["line"], frame["line_begins"], frame["language"]) for frame in side["frames"]]
                for side in (finding["call"], finding["create"], *finding["in_flight"])]

    def frames(self):
        lines = self.script_path("late_free.js").read_text(encoding="utf-8").splitlines()
        begins = next(i for i, line in enumerate(lines, 1) if line.startswith("async function main"))
        script = str(self.script_path("late_free.js"))
        return [("main", script, begins, True, "javascript"), ("(anonymous)", script, 1, True, "javascript")]

    def test_each_side_names_its_functions_and_no_map_is_left(self):
        for node in NODES:
            with self.subTest(node=node):
                self.assertEqual(self.race(node), [self.frames(), self.frames(), []])
                self.assertFalse(self.perf_map.exists())

    def test_head_of_the_finding_names_the_function(self):
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--", NODE, "late_free.js", self.compile(),
                                  "race", cwd=self.script_path("."), env={"LD_LIBRARY_PATH": str(languages.GATE)})
        self.assertRegex(result.stderr, r"\n   Free: main in .*/late_free\.js from line \d+\n   Op:   on_pool at .*/addon\.c:\d+\n")

    def test_without_maps_nothing_is_set(self):
        self.assertEqual(self.race(NODE, options=["--no-perf-map"]), [[], [], []])
        self.assertFalse(self.perf_map.exists())
        self.assertEqual(self.options_in(NODE, "-p", "process.env.NODE_OPTIONS", options=["--no-perf-map"]), "undefined")

    def test_what_the_user_has_set_stays(self):
        self.assertRegex(self.options_in(NODE, "-p", "process.env.NODE_OPTIONS", node_options="--no-warnings"),
                         "^--no-warnings --perf-basic-prof")
        own = "--perf-basic-prof-only-functions"
        tidy = "fs.rmSync(`/tmp/perf-${process.pid}.map`), process.env.NODE_OPTIONS"
        self.assertEqual(self.options_in(NODE, "-p", tidy, node_options=own), own)
        self.race(NODE, node_options=own)
        self.assertTrue(self.perf_map.exists())

    def test_scripts_of_node_are_asked_and_other_programs_are_not(self):
        script = self.folder / "script"
        for line, expected in ("#!/usr/bin/env node", "perf-basic-prof"), (f"#!{NODE}", "perf-basic-prof"):
            script.write_text(f"{line}\nconsole.log(process.env.NODE_OPTIONS)\n", encoding="utf-8")
            script.chmod(0o755)
            self.assertIn(expected, self.options_in(script))
        script.write_text("#!/bin/sh\necho ${NODE_OPTIONS-none}\n", encoding="utf-8")
        self.assertEqual(self.options_in(script), "none")


if __name__ == "__main__":
    unittest.main()
