"""handleguard manifest check: a manifest held against a library and its header."""
import os
import pathlib
import re
import subprocess
import unittest

from support import SOURCE, CommandLineTest

BOX = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "check_library"
LIBRARY = BOX / "libnet.so.1"
HEADER = SOURCE / "tests/cli/check/net.h"

WHOLE = """handleguard: 1
library: libnet.so.1
defaults: {stack_bytes: 0}
classes: {node: {}, stream: {}}
functions:
  net_node_new: {create: node}
  net_node_free: {free: {node: 0}, returns: void}
  net_open: {op: {node: 0}, create: stream, from: "*1", when: "== 0"}
  net_send: {op: {stream: 0}, returns: long}
  net_send_all: {op: {stream: 0}, stack_bytes: 8}
  net_log: {op: {stream: 0}, stack_bytes: 64}
  net_mix: {op: {stream: [0, 1]}, returns: double}
  net_stats: {op: {stream: 0}, sret: 24}
  net_state: {op: {stream: 0}}
  net_close: {free: {stream: 0}, returns: void}
unguarded:
  a text is no handle: [net_text_free]
"""


class Check(CommandLineTest):
    def check(self, text, *more, library=LIBRARY):
        path = self.folder / "net.yaml"
        path.write_text(text, encoding="utf-8")
        return self.handleguard("manifest", "check", path, "--library", library, *more)

    def bare_library(self):
        """The same without debugging information: names alone are known of it."""
        bare = self.folder / "libnet.so.1"
        subprocess.run(["strip", "-o", bare, LIBRARY], check=True)
        return bare

    def with_header(self, text):
        return self.check(text, "--header", HEADER, "--", "-DNET_WHOLE")

    def finds(self, old, new, name, sentence):
        """The fault that the change of the whole manifest makes, and no other."""
        self.assertIn(old, WHOLE)
        result = self.with_header(WHOLE.replace(old, new))
        self.assertEqual((result.stderr, result.returncode, result.stdout.count("\n")), ("", 1, 1), result.stdout)
        self.assertRegex(result.stdout, r"^\S+/net\.yaml:\d+:\d+: error: ")
        self.assertIn(sentence, result.stdout)
        self.assertTrue(result.stdout.endswith(f" [{name}]\n"), result.stdout)

    def test_where_an_argument_says_which_class_is_meant_the_type_is_that_of_none(self):
        chosen = "net_state: {op: {node: {arg: 0, if: {1: 1}}, stream: {arg: 0, if: {1: 2}}}}"
        result = self.with_header(WHOLE.replace("net_state: {op: {stream: 0}}", chosen))
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_what_returns_nothing_may_return_something_in_another_version(self):
        result = self.with_header(WHOLE.replace("net_close: {free: {stream: 0}, returns: void}", "net_close: {free: {stream: 0}, reject: -1}"))
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_a_whole_manifest_is_clean(self):
        for result in (self.with_header(WHOLE), self.check(WHOLE), self.check(WHOLE, library=self.bare_library())):
            self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_absent_functions(self):
        self.finds("  net_close:", "  net_closes: {free: {stream: 0}, returns: void}\n  net_close:", "absent-function",
                   "libnet.so.1 has no function net_closes; if only some versions")
        misspelt = self.check(WHOLE.replace("net_send_all", "net_send_al"))
        self.assertIn("libnet.so.1 has no function net_send_al (did you mean net_send_all?); if only some", misspelt.stdout)
        for excuse in ("optional: true", 'since: "1.2"'):
            extra = "  net_flush: {op: {stream: 0}, " + excuse + "}\n"
            self.assertEqual(self.with_header(WHOLE.replace("  net_close:", extra + "  net_close:")).returncode, 0)

    def test_functions_that_are_not_named(self):
        self.finds('  net_send: {op: {stream: 0}, returns: long}\n', "", "unnamed-function",
                   "the manifest does not name net_send, whose argument 0 is a handle of class 'stream'")
        self.finds('  net_open: {op: {node: 0}, create: stream, from: "*1", when: "== 0"}\n', "", "unnamed-function",
                   "the manifest does not name net_open, whose argument 0 is a handle of class 'node'")
        self.finds("  net_node_new: {create: node}\n", "", "unnamed-function",
                   "the manifest does not name net_node_new, which returns a handle of class 'node'")
        self.finds("stream: [0, 1]", "stream: 1", "unnamed-argument", "argument 0 of net_mix is a handle of class 'stream' too")

    def test_frees_without_a_class(self):
        self.finds("[net_text_free]", "[net_mix.7]", "unnamed-free",
                   "net_text_free is named like a free of 'char *', which is no class of the manifest")
        blind = self.check(WHOLE.replace("[net_text_free]", "[net_mix.7]"), library=self.bare_library())
        self.assertIn("net_text_free is named like a free, and the manifest does not name it", blind.stdout)

    def test_types_that_do_not_match(self):
        self.finds("net_send: {op: {stream: 0}", "net_send: {op: {node: 0}", "wrong-argument",
                   "net_send has a 'net_stream' where the manifest says class 'node', whose handles are 'net_node' elsewhere")
        self.finds("net_send: {op: {stream: 0}", "net_send: {op: {stream: [0, 5]}", "wrong-argument", "net_send has no argument 5")
        self.finds("net_state: {op: {stream: 0}}", "net_state: {op: {stream: [0, 1]}}", "wrong-argument",
                   "argument 1 of net_state is 'int', which cannot be a handle of class 'stream'")
        self.finds("net_close: {free: {stream: 0}, returns: void}", "net_close: {free: {stream: 0}}", "wrong-result",
                   "net_close returns 'void'; say 'returns: void', not int32")
        self.finds("sret: 24", "sret: 16", "wrong-result", "net_stats returns 24 bytes in memory, not 16")
        self.finds("sret: 24", "returns: struct", "wrong-result", "net_stats returns 'struct net_stats' in memory; say 'sret: 24'")

    def test_handles_of_several_types(self):
        one_class = WHOLE.replace("node: 0", "stream: 0").replace("create: node", "create: stream").replace("node: {}, ", "")
        result = self.with_header(one_class)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))
        missed = self.with_header(one_class.replace('  net_open: {op: {stream: 0}, create: stream, from: "*1", when: "== 0"}\n', ""))
        self.assertIn("the manifest does not name net_open, whose argument 0 is a handle of class 'stream'", missed.stdout)
        never_freed = self.with_header(one_class.replace("net_node_free: {free:", "net_node_free: {op:"))
        self.assertIn("whose handles are 'net_stream' elsewhere", never_freed.stdout)
        self.assertEqual(never_freed.stdout.count("[wrong-argument]"), 3)

    def test_bytes_on_the_stack(self):
        for said in (0, 16):
            self.finds("stack_bytes: 8", f"stack_bytes: {said}", "wrong-stack-bytes",
                       f"net_send_all needs 'stack_bytes: 8', not {said}")
        self.finds("net_log: {op: {stream: 0}, stack_bytes: 64}", "net_log: {op: {stream: 0}}", "wrong-stack-bytes",
                   "net_log needs 'stack_bytes: 64' for its variable arguments, not 0")

    def test_debugging_information_tells_types_too(self):
        result = self.check(WHOLE.replace("net_close: {free: {stream: 0}, returns: void}", "net_close: {free: {stream: 0}}")
                            .replace("  net_send: {op: {stream: 0}, returns: long}\n", ""))
        self.assertEqual((result.stderr, result.returncode, result.stdout.count("\n")), ("", 1, 2), result.stdout)
        self.assertIn("net_close returns 'void'; say 'returns: void', not int32", result.stdout)
        self.assertIn("the manifest does not name net_send, whose argument 0 is a handle of class 'stream'", result.stdout)

    def test_another_library(self):
        self.finds("library: libnet.so.1", "library: libother.so.1", "other-library", "'library' does not match libnet.so.1")

    def test_excuses_that_are_none(self):
        self.finds("[net_text_free]", "[net_text_free, net_close]", "named-and-unguarded", "net_close is named here and under")

    def test_what_cannot_be_found_out(self):
        result = self.check(WHOLE, library="libabsent.so.7")
        self.assert_fails(result, 2, "libabsent.so.7: there is no such library; give the path of a shared library")
        result = self.check(WHOLE, "--header", HEADER)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("net.h:2:2: error: ", result.stderr)
        result = self.handleguard("manifest", "check", self.folder / "net.yaml", "--library", LIBRARY, "--header", HEADER,
                                  env={"HANDLEGUARD_LIBCLANG": "/nowhere"})
        self.assert_fails(result, 2, "headers are read with libclang, which is not there; install it (Debian: libclang-dev), or "
                                     "say in HANDLEGUARD_LIBCLANG which file it is")

    def test_every_id_is_in_the_manual(self):
        rules = (SOURCE / "tools/manifest/check/check_rules.def").read_text("utf-8")
        manual = (SOURCE / "docs/manifest-commands.md").read_text("utf-8")
        ids = re.findall(r'HG_CHECK_RULE\(\w+, "([^"]+)"\)', rules)
        self.assertGreater(len(ids), 5)
        for name in ids:
            self.assertIn(f"| `{name}` |", manual)

    def test_the_shelf_fits_the_libraries_of_this_system(self):
        for name, library, header, *flags in (
                ("sqlite3", "libsqlite3.so.0", "sqlite3.h", "-DSQLITE_ENABLE_SESSION", "-DSQLITE_ENABLE_PREUPDATE_HOOK"),
                ("libzmq", "libzmq.so.5", "zmq.h")):
            result = self.handleguard("manifest", "check", name, "--library", library, "--header", header, "--", *flags)
            self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))


if __name__ == "__main__":
    unittest.main()
