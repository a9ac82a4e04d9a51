"""Node addons: a gate closed under a thread of the pool, and workers whose ending unloads the addon."""
import subprocess
import unittest

import languages

NODE = "/usr/bin/node"
HEADERS = "/usr/include/node"


class Node(languages.LanguageTest):
    def compile(self):
        addon = self.folder / "addon.node"
        self.build("gcc", "-g", "-shared", "-fPIC", f"-I{HEADERS}", f"-I{languages.INCLUDE}", "-o", addon,
                   languages.HERE / "node/addon.c", f"-L{languages.GATE}", "-lgate")
        return addon

    def script_path(self, name):
        return languages.HERE / "node" / name

    def test_close_while_a_thread_of_the_pool_waits(self):
        self.assert_late_free(NODE, self.script_path("late_free.js"), self.compile())

    def test_workers_that_end_unload_the_addon(self):
        command = NODE, self.script_path("workers.js"), self.compile()
        bare = subprocess.run([*command, "goes"], capture_output=True, text=True, check=False,
                              env=self.environment | {"LD_LIBRARY_PATH": str(languages.GATE)})
        self.assertEqual(bare.stdout, "done\n", bare.stderr)
        self.assertEqual(self.findings(*command, "stays"), [])


if __name__ == "__main__":
    unittest.main()
