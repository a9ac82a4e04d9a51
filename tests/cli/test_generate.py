"""handleguard manifest generate: what is inferred from headers and names."""
import os
import pathlib
import re
import subprocess
import unittest

from support import BIN, SOURCE, CommandLineTest

BOX = pathlib.Path(os.environ["HANDLEGUARD_TEST_BOX"]) / "check_library"
LIBRARY = BOX / "libnet.so.1"
HEADER = SOURCE / "tests/cli/check/net.h"
SENDER = BIN / "cli_net_sender"

NET = """handleguard: 1
library: libnet.so.1
defaults: {stack_bytes: 0}

classes:
  # 'net_node *': handed out by net_node_new, freed by net_node_free
  node: {reject: -1}
  # 'net_stream_t': handed out by net_open, freed by net_close
  stream: {reject: -1}

functions:

  # net_node *
  net_node_new: {create: node}  # returns one
  net_node_free: {free: {node: 0}, returns: void, children: keep}  # named like a free

  # net_stream_t
  # fills a variable of the caller's [1]
  net_open: {op: {node: 0}, create: stream, from: "*1", when: "== 0", parent: {node: 0}, zero: [{arg: 1, bytes: 8}]}
  net_send: {op: {stream: 0}, returns: int64}
  net_send_all: {op: {stream: 0}, stack_bytes: 8}
  net_log: {op: {stream: 0}, stack_bytes: 64}
  net_mix: {op: {stream: [0, 1]}, returns: double}
  net_stats: {op: {stream: 0}, sret: 24}
  net_state: {op: {stream: 0}}
  net_close: {free: {stream: 0}, returns: void}  # named like a free

unguarded:
  named like a free, but of nothing that is known to be handed out as a handle:
    [net_text_free]

# What only a person can answer:
# [1]  net_open makes a 'net_stream_t' from a 'net_node *': may the latter be freed first? As written ('children:
#      keep'), it may; see the manual, 'Handles made from others', for the other answers.
"""


class Generate(CommandLineTest):
    def generate(self, *more, library=LIBRARY):
        return self.handleguard("manifest", "generate", "--library", library, *more)

    def from_header(self, declarations, *more):
        """The manifest of the library, as if its header said that."""
        header = self.folder / "some.h"
        header.write_text(declarations, encoding="utf-8")
        result = self.generate("--header", header, *more)
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        return result.stdout

    def of_library(self, declarations):
        """The manifest of a library that has what is declared."""
        header, library = self.folder / "own.h", self.folder / "libown.so"
        header.write_text(declarations, encoding="utf-8")
        code = "".join(f"void {name}(void) {{}}\n" for name in re.findall(r"(\w+)\(", declarations))
        subprocess.run(["cc", "-shared", "-o", library, "-x", "c", "-"], input=code, text=True, check=True)
        return self.generate("--header", header, library=library).stdout

    def test_a_whole_manifest(self):
        result = self.generate("--header", HEADER, "--", "-DNET_WHOLE")
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        head, text = result.stdout.split("handleguard: 1\n")
        self.assertEqual("handleguard: 1\n" + text, NET)
        self.assertIn("libnet.so.1, inferred from", head)

    def test_handles_in_arrays(self):
        told = self.from_header("""
            typedef struct net_node net_node;
            net_node *net_node_new(void);
            void net_node_free(net_node *node);
            int net_send(net_node *list[], unsigned count);
            int net_open(int nnodes, net_node *const *nodes);
            int net_stats(net_node *node, net_node *others[]);
            int net_state(net_node *ends_with_null[], int flags);
            int net_log(net_node **made, int count);
            """)
        for line in ("  net_send: {op: {node: {array: 0, count: 1}}}\n", "  net_open: {op: {node: {array: 1, count: 0}}}\n",
                     "  net_stats: {op: {node: 0}}  # [1]\n",
                     '  net_log: {create: node, from: "*0", when: "== 0"}  # fills a variable of the caller\'s\n',
                     "  handles in an array, of which nothing tells how long it is:\n    [net_state]\n"):
            self.assertIn(line, told)
        self.assertIn("# [1]  net_stats takes an array of 'net_node *' in argument 1: how many are there? If an argument says so, "
                      "write {array:\n#      1, count: N} there. It is left out.\n", told)

    def test_it_fits_its_library_and_is_always_the_same(self):
        path = self.folder / "net.yaml"
        self.assertEqual(self.generate("--header", HEADER, "-o", path, "--", "-DNET_WHOLE").returncode, 0)
        first = path.read_bytes()
        self.assertEqual(self.generate("--header", HEADER, "-o", path, "--", "-DNET_WHOLE").returncode, 0)
        self.assertEqual(path.read_bytes(), first)
        result = self.handleguard("manifest", "check", path, "--library", LIBRARY, "--header", HEADER, "--", "-DNET_WHOLE")
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_the_manifest_of_a_large_library_fits_it(self):
        path = self.folder / "sqlite3.yaml"
        arguments = ["--library", "libsqlite3.so.0", "--header", "sqlite3.h"]
        self.assertEqual(self.handleguard("manifest", "generate", *arguments, "-o", path).returncode, 0)
        result = self.handleguard("manifest", "check", path, *arguments)
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_debugging_information_does_for_a_header(self):
        result = self.generate()
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        self.assertIn("libnet.so.1, inferred from its debugging information.", result.stdout)
        self.assertEqual(sorted(result.stdout.split("handleguard: 1\n")[1].splitlines()), sorted(NET.splitlines()[1:]))

    def test_names_alone(self):
        bare = self.folder / "libnet.so.1"
        subprocess.run(["strip", "-o", bare, LIBRARY], check=True)
        result = self.generate(library=bare)
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        for line in ("  net_node_new: {create: node}  # returns one", "  net_node_free: {free: {node: 0}}  # named like a free",
                     "  net_send_all: {op: {net: 0}}", "# [1]  Names alone were known, so each line is a guess"):
            self.assertIn(line, result.stdout)

    def test_untyped_pointers_are_told_apart_by_names(self):
        text = self.from_header("void *net_node_new(void); void net_node_free(void *node_); int net_open(void *, void **stream);\n"
                                "long net_send(void *stream); int net_state(void *user_data); void net_close(void *stream_);\n"
                                "void net_text_free(void *);")
        for line in ("  net_node_new: {create: node}", "  net_node_free: {free: {node: 0}, returns: void}",
                     '  net_open: {create: stream, from: "*1", when: "== 0"}', "  net_send: {op: {stream: 0}, returns: int64}",
                     "  net_close: {free: {stream: 0}, returns: void}"):
            self.assertIn(line, text)
        self.assertNotIn("net_state:", text)

    def test_numbers_can_be_handles(self):
        text = self.from_header("typedef int net_id; typedef unsigned long size_t; net_id net_open(const char *name);\n"
                                "int net_send(net_id id, size_t size); size_t net_state(net_id); int net_close(net_id id);")
        for line in ("  id: {type: int32, none: [-1], reject: -1}", "  net_open: {create: id}",
                     "  net_send: {op: {id: 0}}", "  net_state: {op: {id: 0}, returns: uint64, reject: 0}",
                     "  net_close: {free: {id: 0}}  # named like a free [2]", "# [1]  Which numbers are no 'net_id'?",
                     "# [2]  net_close returns a number: can it fail"):
            self.assertIn(line, text)

    def test_memory_of_the_callers_can_be_a_handle(self):
        text = self.from_header("struct net { int bytes; }; int net_open(struct net *, int); long net_send(struct net *);\n"
                                "int net_state(struct net *); void net_close(struct net *);")
        for line in ("  # 'struct net *': memory of the caller's, which net_close empties", "  net_send: {op: {net: 0}, returns: int64}",
                     '  net_open: {create: net, from: 0, when: "== 0"}  # named like what makes the caller\'s memory one',
                     "  net_close: {free: {net: 0}, returns: void}  # named like a free"):
            self.assertIn(line, text)

    def test_what_may_tie_handles_is_asked_about(self):
        header = self.folder / "some.h"
        header.write_text("struct easy; struct multi; struct easy *curl_easy_init(void); void curl_easy_cleanup(struct easy *);\n"
                          "struct multi *curl_multi_init(void); void curl_multi_cleanup(struct multi *);\n"
                          "int curl_multi_add_handle(struct multi *, struct easy *);\n"
                          "int curl_multi_remove_handle(struct multi *, struct easy *);\n"
                          "int curl_multi_perform(struct multi *, struct easy *);\n", encoding="utf-8")
        text = self.generate("--header", header, library="libcurl.so.4").stdout
        told = " ".join(text.replace("\n#", "").split())
        self.assertIn("  curl_multi_add_handle: {op: {multi: 0, easy: 1}}  # [1]\n", text)
        self.assertIn("Then say 'attach: {easy: 1, to: {multi: 0}}' in place of 'op'", told)
        self.assertIn("  curl_multi_remove_handle: {op: {multi: 0, easy: 1}}  # [2]\n", text)
        self.assertIn("Then say 'detach: {easy: 1, of: {multi: 0}}' in place of 'op'", told)
        self.assertIn("  curl_multi_perform: {op: {multi: 0, easy: 1}}\n", text)

    def test_look_ups_create_nothing(self):
        text = self.from_header("struct s; struct n; struct n *net_node_new(void); void net_node_free(struct n *);\n"
                                "struct s *net_open(void); void net_close(struct s *); struct n *net_state(struct s *);\n"
                                "const struct n *net_mix(void);")
        self.assertIn("  net_state: {op: {s: 0}, returns: pointer}  # looks one up [1]", text)
        self.assertIn("# [1]  net_state returns a 'struct n *': one that is there already", text)
        self.assertIn("  what is returned was there before:\n    [net_mix]", text)

    def test_what_counted_handles_lead_to_may_have_been_made_unseen(self):
        text = self.of_library("struct d; struct d *dev_ref(struct d *); struct d *dev_new(void); struct d *dev_unref(struct d *);\n"
                               "struct d *dev_get_parent(struct d *); struct e; struct e *ev_new(void); struct e *ev_ref(struct e *);\n"
                               "struct e *ev_unref(struct e *);")
        self.assertIn("# 'struct d *': handed out by dev_new, freed by dev_unref [2]", text)
        self.assertIn("  d: {shared: acquire, creates: some, reject: -1}", text)
        self.assertIn("  dev_get_parent: {op: {d: 0}, returns: pointer}  # looks one up [1]", text)
        self.assertIn("# [2]  Calls on a 'struct d *' lead to others", text)
        self.assertIn("  e: {shared: acquire, reject: -1}", text)
        self.assertIn("  ev_unref: {release: {e: 0}, returns: pointer}  # named like a free\n", text)
        self.assertNotIn("[3]", text)

    def test_what_is_named_as_a_longer_word_for_a_create_creates(self):
        text = self.of_library("struct zip; struct file; struct zip *zip_open(void); void zip_close(struct zip *);\n"
                               "struct file *zip_fopen_index(struct zip *); void zip_fclose(struct file *);\n"
                               "struct file *zip_reopen_last(struct zip *);\n")
        self.assertIn("  zip_fopen_index: {op: {zip: 0}, create: file, parent: {zip: 0}}  # returns one", text)
        self.assertIn("  zip_reopen_last: {op: {zip: 0}, returns: pointer}  # looks one up", text)

    def test_visible_data_is_no_handle(self):
        text = self.from_header("struct row { int cells; }; struct row *net_open(void); void net_close(struct row *);")
        self.assertIn("classes: {}", text)
        self.assertIn("# [1]  'struct row *' is handed out by net_open and freed by net_close, but no other function takes one", text)

    def test_the_one_that_is_named_is_freed(self):
        text = self.from_header("struct node; struct text; struct node *net_node_new(void); void net_node_free(struct node *);\n"
                                "struct text *net_open(struct node *); int net_state(struct text *);\n"
                                "void net_text_free(struct node *, struct text *); void net_close(struct node *, char *memory);")
        for line in ("  net_open: {op: {node: 0}, create: text, parent: {node: 0}}",
                     "  net_text_free: {op: {node: 0}, free: {text: 1}, returns: void}",
                     "  net_close: {op: {node: 0}, returns: void}"):
            self.assertIn(line, text)

    def test_another_free_outweighs(self):
        text = self.from_header("struct s; struct s *net_node_new(void); void net_node_free(struct s *); int net_close(struct s *);\n")
        self.assertIn("  net_node_free: {free: {s: 0}, returns: void}  # named like a free\n", text)
        self.assertIn("  net_close: {op: {s: 0}}  # named like a free, beside another [1]\n", text)
        self.assertIn("[1]  net_close is named like a free, but net_node_free frees the same handles", text)

    def test_each_way_to_make_one_may_have_its_own_to_end_it(self):
        text = self.from_header("struct s; struct s *net_node_new(void), *net_open(void); void net_node_free(struct s *);\n"
                                "void net_close(struct s *);\n")
        self.assertIn("  net_node_free: {free: {s: 0}, returns: void}", text)
        self.assertIn("  net_close: {free: {s: 0}, returns: void}", text)

    def test_what_is_opened_is_closed(self):
        text = self.from_header("struct s; struct s *net_open(void); void net_text_free(struct s *); void net_close(struct s *);\n")
        self.assertIn("  net_text_free: {op: {s: 0}, returns: void}  # named like a free, beside another [1]\n", text)
        self.assertIn("  net_close: {free: {s: 0}, returns: void}", text)

    def test_what_is_named_is_freed_in_it(self):
        text = self.from_header("struct s; struct s *net_node_new(void); void net_node_free(struct s *, const char *name);\n"
                                "void net_close(struct s *);\n")
        self.assertIn("  net_node_free: {op: {s: 0}, returns: void}  # named like a free, beside another [1]\n", text)
        self.assertIn("  net_close: {free: {s: 0}, returns: void}", text)

    def test_an_update_keeps_what_a_person_decided(self):
        path = self.folder / "net.yaml"
        kept = """# Mine.
handleguard: 1
library: libnet.so.1
classes:
  flow: {reject: -32}  # what the documentation says
functions:
  net_send: {op: {flow: 0}, returns: long, null: reject}
  net_close: {free: {flow: 0}, returns: void}
  net_gone: {op: {flow: 0}}
  # The end.

unguarded:
  I know: [net_mix, net_text_free]
"""
        path.write_text(kept, encoding="utf-8")
        result = self.generate("--header", HEADER, "--update", path, "-o", path, "--", "-DNET_WHOLE")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr, f"{path}: 7 new functions: net_node_new net_node_free net_open net_send_all net_log net_stats "
                                        "net_state; the library lacks: net_gone\n")
        text = path.read_text(encoding="utf-8")
        lines = [line for line in kept.splitlines() if line]
        self.assertEqual([line for line in text.splitlines() if line in lines], lines)
        self.assertIn("  # 'net_node *': handed out by net_node_new, freed by net_node_free\n  node: {reject: -1}\nfunctions:", text)
        self.assertIn("  # The end.\n\n  # New in libnet.so.1, as ", text)
        self.assertIn('  net_open: {op: {node: 0}, create: flow, from: "*1"', text)
        self.assertNotIn("net_mix:", text)
        again = self.generate("--header", HEADER, "--update", path, "--", "-DNET_WHOLE")
        self.assertEqual((again.stdout, again.returncode), (text, 0))
        self.assertIn(": 0 new functions; the library lacks: net_gone\n", again.stderr)
        path.write_text(kept, encoding="utf-8")
        part = self.generate("--header", HEADER, "--update", path, "--from-program", SENDER, "--", "-DNET_WHOLE")
        self.assertIn(": 1 new functions: net_open; the library lacks: net_gone\n", part.stderr)

    def test_only_what_a_program_imports(self):
        text = self.generate("--from-program", SENDER, "--header", HEADER, "--", "-DNET_WHOLE").stdout
        self.assertEqual([line.split(":")[0].strip() for line in text.splitlines() if line.startswith("  net_")],
                         ["net_open", "net_send", "net_close"])
        result = self.generate("--from-program", HEADER)
        self.assert_fails(result, 2, f"{HEADER}: it is no program or module of this machine's word size that can be read")

    def test_what_cannot_be_done(self):
        result = self.generate("--header", HEADER, library="libabsent.so.7")
        self.assert_fails(result, 2, "libabsent.so.7: there is no such library; give the path of a shared library")
        result = self.generate("-o", self.folder / "absent/net.yaml")
        self.assertEqual(result.returncode, 2)
        self.assertIn("absent/net.yaml: the manifest cannot be written: No such file or directory", result.stderr)


if __name__ == "__main__":
    unittest.main()
