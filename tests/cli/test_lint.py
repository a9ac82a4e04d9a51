"""handleguard manifest lint: what it prints where, and how it exits."""
import re
import unittest

from support import SOURCE, CommandLineTest

WISE = """handleguard: 1
library: libnet.so.0
classes: {stream: {reject: -1}}
functions:
  net_open: {create: stream}
  net_send: {op: {stream: 0}}
  net_close: {free: {stream: 0}, returns: void}
"""
UNWISE = WISE.replace("{reject: -1}", "{reject: -1, deadline_ms: 0}").replace("net_send", "net_recv")
BROKEN = WISE.replace("stream: 0", "steam: 0", 1)


class Lint(CommandLineTest):
    def lint(self, *manifests):
        return self.handleguard("manifest", "lint", *manifests)

    def put(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_the_shelf_is_wise(self):
        names = sorted(path.stem for path in (SOURCE / "tools/manifests").glob("*.yaml"))
        self.assertIn("sqlite3", names)
        result = self.lint(*names)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_nothing_to_say(self):
        result = self.lint(self.put("wise.yaml", WISE))
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_warnings_are_the_output(self):
        path = self.put("net.yaml", UNWISE)
        result = self.lint(path)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, "")
        first, second = result.stdout.splitlines()
        self.assertEqual(first, f"{path}:3:45: warning: class 'stream' has a deadline of 0, so that a free that meets an "
                         "op is turned away at once; give 'deadline_ms' longer than the longest op takes, or "
                         "'drain: defer' [deadline-zero]")
        self.assertTrue(second.startswith(f"{path}:6:3: warning: net_recv seems to wait for something, "), second)
        self.assertTrue(second.endswith(" [timeout-unknown]"), second)

    def test_silenced_warnings(self):
        path = self.put("net.yaml", UNWISE)
        result = self.lint("--silence", "deadline-zero", path)
        self.assertEqual((result.returncode, result.stdout.count("\n")), (1, 1))
        self.assertIn("[timeout-unknown]", result.stdout)
        result = self.lint("--silence=deadline-zero", "--silence=timeout-unknown", path)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))
        self.assert_fails(self.lint("--silence", "deadline-zeros", path), 2, "handleguard manifest lint: --silence is "
                          "'deadline-zeros', but no warning has that id; did you mean deadline-zero?")

    def test_every_id_is_in_the_manual(self):
        ids = re.findall(r'HG_LINT_RULE\(\w+, "([^"]+)"\)', (SOURCE / "tools/manifest/lint/lint_rules.def").read_text("utf-8"))
        manual = (SOURCE / "docs/manifest-commands.md").read_text("utf-8")
        self.assertGreater(len(ids), 10)
        for name in ids:
            self.assertIn(f"| `{name}` |", manual)

    def test_mistakes_are_errors(self):
        path = self.put("broken.yaml", BROKEN)
        self.assert_fails(self.lint(path), 2, f"{path}:6:19: key 'steam': found the unknown class 'steam', expected "
                                              "one of stream (did you mean 'stream'?)")

    def test_the_worst_of_several_decides(self):
        wise, unwise, broken = (self.put(*pair) for pair in (("a.yaml", WISE), ("b.yaml", UNWISE), ("c.yaml", BROKEN)))
        self.assertEqual(self.lint(wise, unwise).returncode, 1)
        self.assertEqual(self.lint(unwise, wise).returncode, 1)
        result = self.lint(broken, unwise)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stdout.splitlines()), 2)

    def test_functions_that_a_library_lacks(self):
        result = self.lint("--library", "libsqlite3.so.0", "sqlite3")
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))
        path = self.put("one.yaml", WISE.replace("libnet.so.0", "libsqlite3.so.0").replace("net_send", "sqlite3_stepp"))
        result = self.lint("--library=libsqlite3.so.0", path)
        self.assertEqual((result.stderr, result.returncode), ("", 1))
        self.assertIn(f"{path}:6:3: error: libsqlite3.so.0 has no function sqlite3_stepp (did you mean sqlite3_step?); ",
                      result.stdout)
        self.assertEqual(result.stdout.count("[absent-function]"), 3)
        self.assert_fails(self.lint("--library", "libabsent.so.7", path), 2,
                          "libabsent.so.7: there is no such library; give the path of a shared library")

    def test_wrong_words(self):
        result = self.lint()
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("no MANIFEST given", result.stderr)
        self.assert_fails(self.lint("--strict", "sqlite3"), 2, "handleguard manifest lint: there is no option --strict; "
                                                               "handleguard manifest lint --help lists them")
        self.assertEqual(self.lint("absent.yaml").stderr,
                         "absent.yaml: cannot read the manifest: No such file or directory\n")
        self.assertEqual(self.lint("absent.yaml").returncode, 2)

    def test_help_tells_the_exit_status(self):
        said = " ".join(self.handleguard("manifest", "lint", "--help").stdout.split())
        self.assertIn("The exit status is 0 if there is nothing to warn of, 1 after warnings, 2 if one is not a valid "
                      "manifest.", said)


if __name__ == "__main__":
    unittest.main()
