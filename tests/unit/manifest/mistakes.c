/* Every kind of mistake that a manifest can have, with the exact words in which it is told. */
#include "mistakes.h"

#define FUNCTION(body) HEAD CLASSES FUNCTIONS "  f: " body "\n"
#define AT             "net.yaml:6:"
#define LONGS(body)    HEAD "classes: {c: {type: int64}}\nfunctions: {f: " body "}\n"
#define WAKE(value)                                                                                                    \
	HEAD "classes: {c: {wake: " value "}, d: }\n"                                                                  \
	     "functions: {open: {create: c}, cut: {op: {c: 0}}, end: {free: {c: 0}}}\n"
#define TABLES(tables) HEAD "classes: {c: }\nfunctions: {open: {create: c}, end: {free: {c: 0}}}\n" tables "\n"
#define PLACE_OF_TABLE                                                                                                 \
	"expected where the table is: 'return', \"*N\" if its address is stored where argument N points, or N if "     \
	"argument N is its address, with N from 0 to 31\n"
#define FUNC_KEYS                                                                                                      \
	"one of returns, create, from, when, parent, op, free, freed, ends, while_freeing, reject, zero, deferred, "   \
	"stack_bytes, sret, concurrent, children, parks, timeout, acquire, sink, release, floating, callbacks, null, " \
	"children_of, optional, since, reentrant, may_end, close, attach, detach, detaches, attached"
#define ARGUMENT "the number of an argument, 0 to 31, or \"*N\" if argument N is the handle's address\n"
#define PLACE                                                                                                          \
	"{arg: N}, {value: N}, {struct: N, offset: BYTES}, {java_array: N} or {array: N, count: N, stride: BYTES, "    \
	"offset: BYTES}\n"
#define ATTACH    "{CLASS: ARG, to: {CLASS: ARG}}, or a list of such maps\n"
#define DETACH    "{CLASS: ARG}, {CLASS: ARG, of: {CLASS: ARG}} or {CLASS: all, of: {CLASS: ARG}}\n"
#define CHOICE    "{ARG: VALUE}, with ARG the number of an argument, 0 to 31\n"
#define CONDITION "expected \"OP VALUE\" with OP one of == != < <= > >= and VALUE an integer, errno name or null\n"
#define REJECT    "expected an integer, an errno name such as -EPIPE, a floating-point number or null\n"

#define HANDLES                                                                                                        \
	"{struct: 0, offset: 0}, {struct: 0, offset: 8}, {struct: 0, offset: 16}, {struct: 0, offset: 24}, "           \
	"{struct: 0, offset: 32}, {struct: 0, offset: 40}, {struct: 0, offset: 48}, {struct: 0, offset: 56}, "         \
	"{struct: 0, offset: 64}, {struct: 0, offset: 72}, {struct: 0, offset: 80}, {struct: 0, offset: 88}, "         \
	"{struct: 0, offset: 96}, {struct: 0, offset: 104}, {struct: 0, offset: 112}, {struct: 0, offset: 120}, "      \
	"{struct: 0, offset: 128}, {struct: 0, offset: 136}, {struct: 0, offset: 144}, {struct: 0, offset: 152}, "     \
	"{struct: 0, offset: 160}, {struct: 0, offset: 168}, {struct: 0, offset: 176}, {struct: 0, offset: 184}, "     \
	"{struct: 0, offset: 192}, {struct: 0, offset: 200}, {struct: 0, offset: 208}, {struct: 0, offset: 216}, "     \
	"{struct: 0, offset: 224}, {struct: 0, offset: 232}, {struct: 0, offset: 240}, {struct: 0, offset: 248}, "     \
	"31"
#define THIS_VERSION "0.1.0 or older, which this handleguard is: the manifest is written for a newer one; install that"
#define NOT_YAML     "found text that is not YAML ("
#define SRET         "expected the size of the struct in bytes, 1 to 65536, or true or false\n"

const struct mistake mistakes[] = {
    /* not YAML, or not one document */
    {"", "net.yaml:1:1: key 'handleguard': found an empty file, expected a manifest\n"},
    {"# nothing\n", "net.yaml:1:1: key 'handleguard': found an empty file, expected a manifest\n"},
    {"library: [a, b\nclasses: {}\n", "net.yaml:2:8: key 'library': " NOT_YAML
                                      "did not find expected ',' or ']' while parsing a flow sequence that began "
                                      "at line 1), expected YAML\n"},
    {"a: 1\n\tb: 2\n",
     "net.yaml:2:1: key 'a': " NOT_YAML "found a tab character that violates indentation while scanning a plain scalar "
     "that began at line 1), expected YAML\n"},
    {"a: 1\nb\xff: 2\n", "net.yaml:2:2: key 'a': " NOT_YAML "invalid leading UTF-8 octet), expected YAML\n"},
    {"a: \xc3\xa4\xc3\xb6\n'b c': [\xc3\xbc, x:y, dd: *1]\n",
     "net.yaml:2:21: key 'dd': " NOT_YAML
     "found undefined alias), expected YAML: an out-argument is written in quotes: "
     "\"*1\"\n"},
    {"[\n", "net.yaml:2:1: key 'handleguard': " NOT_YAML "did not find expected node content while parsing a flow node "
            "that began at line 2), expected YAML\n"},
    {FUNCTION("{create: stream, from: *1}"),
     AT "29: key 'from': " NOT_YAML "found undefined alias), expected YAML: an out-argument is written in quotes: "
        "\"*1\"\n"},
    {FUNCTION("{op: {stream: 0}}\n---\nmore: 1"),
     "net.yaml:8:1: key 'handleguard': found a second document, expected one manifest a file\n"},
    {"just text\n", "net.yaml:1:1: key 'handleguard': found 'just text', expected a map that says 'handleguard: 1'\n"},
    {"- a\n- b\n",
     "net.yaml:1:1: key 'handleguard': found a list of 2 items, expected a map that says 'handleguard: 1'\n"},
    /* the top */
    {"handleguard: 1\n", "net.yaml:1:1: key 'library' is missing; every manifest has it at its top\n"
                         "net.yaml:1:1: key 'classes' is missing; every manifest has it at its top\n"
                         "net.yaml:1:1: key 'functions' is missing; every manifest has it at its top\n"},
    {"handleguard: 1\nrequires: 1.2\nlibrary: l\nclasses: {c: {colour: blue}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:2:11: key 'requires': found '1.2', expected " THIS_VERSION "\n"},
    {"requires: 0.10\nhandleguard: 1\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\nnew: 1\n",
     "net.yaml:1:11: key 'requires': found '0.10', expected " THIS_VERSION "\n"},
    {"handleguard: 1\nrequires: new\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:2:11: key 'requires': found 'new', expected a version of handleguard, such as 0.1 or 1.2.3\n"},
    {"handleguard: 1\nrequires: 0.0.9\nlibrary: l\nclasses: {c: {colour: blue}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:4:15: key 'colour': found an unknown key, expected one of type, none, reject, deadline_ms, drain, "
     "after_deadline, closed, exclusive, thread, quarantine, shared, holders, severing, limit, outlive, null, fork, "
     "wake, creates, at_exit, own_calls\n"},
    {"handleguard: 2\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:1:14: key 'handleguard': found '2', expected 1, the version of the manifest's format\n"},
    {"handleguard: \"1\"\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:1:14: key 'handleguard': found '1' in quotes, expected 1, the version of the manifest's format\n"},
    {"handlegard: 1\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:1:1: key 'handlegard': found an unknown key, expected one of handleguard, library, defaults, classes, "
     "functions, tables, unguarded, requires (did you mean 'handleguard'?)\n"
     "net.yaml:1:1: key 'handleguard' is missing; every manifest has it at its top\n"},
    {HEAD "library: libother.so\n" CLASSES FUNCTIONS "  f: {op: {stream: 0}}\n",
     "net.yaml:3:1: key 'library': found the key a second time, expected each key once (the first is at line 2, column "
     "1)\n"},
    {"handleguard: 1\nlibrary: []\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:2:10: key 'library': found an empty list, expected at least one pattern of a soname\n"},
    {"handleguard: 1\nlibrary: [a, {b: c}, '']\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:2:14: key 'library': found a map of 1 key, expected the pattern of a soname, such as libnet.so.*\n"
     "net.yaml:2:22: key 'library': found '', expected the pattern of a soname, such as libnet.so.*\n"},
    {"handleguard: 1\nlibrary: \"lib\\0net\"\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:2:10: key 'library': found text with a NUL, expected the pattern of a soname, such as libnet.so.*\n"},
    {HEAD "defaults: {stack_bytes: 12}\n" CLASSES FUNCTIONS "  f: {op: {stream: 0}}\n",
     "net.yaml:3:25: key 'stack_bytes': found '12', expected a multiple of 8\n"},
    {HEAD "defaults: {stack: 16}\n" CLASSES FUNCTIONS "  f: {op: {stream: 0}}\n",
     "net.yaml:3:12: key 'stack': found an unknown key, expected one of stack_bytes\n"},
    {HEAD "classes: {c: }\nfunctions: {}\n",
     "net.yaml:4:12: key 'functions': found an empty map, expected at least one entry\n"},
    {HEAD "classes: {c: }\nfunctions: [f]\n",
     "net.yaml:4:12: key 'functions': found a list of 1 item, expected a map\n"},
    {HEAD "classes: {}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:10: key 'classes': found an empty map, expected at least one entry\n"},
    /* classes */
    {HEAD "classes: {c: {type: int}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:21: key 'type': found 'int', expected one of pointer, int8, int16, int32, int64, uint8, uint16, "
     "uint32, uint64 (did you mean 'int8'?)\n"},
    {HEAD "classes: {c: {none: 0}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:21: key 'none': found '0', expected a list of integers\n"},
    {HEAD "classes: {c: {type: int8, none: [256]}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:34: key 'none': found '256', expected an integer from -128 to 255\n"},
    {HEAD "classes: {c: {none: [99999999999999999999]}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:22: key 'none': found '99999999999999999999', expected an integer from -9223372036854775808 to "
     "18446744073709551615\n"},
    {HEAD "classes: {c: {none: [010]}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:22: key 'none': found '010', expected an integer from -9223372036854775808 to 18446744073709551615\n"},
    {HEAD "classes: {c: {deadline_ms: -1}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:28: key 'deadline_ms': found '-1', expected an integer from 0 to 86400000\n"},
    {HEAD "classes: {c: {drain: later}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:22: key 'drain': found 'later', expected one of wait, defer, auto\n"},
    {HEAD "classes: {c: {closed: yes}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:23: key 'closed': found 'yes', expected one of false, true, reject\n"},
    {FUNCTION("{op: {stream: {value: 65536}}}"),
     AT "28: key 'value': found '65536', expected an integer from 0 to 65535\n"},
    {FUNCTION("{op: {stream: {value: 0}}}"),
     AT "28: key 'value': found '0', expected a handle: 'none' of class 'stream' says that this is none\n"},
    {FUNCTION("{op: {stream: {value: 1, null: reject}}}"),
     AT "20: key 'stream': found a map of 2 keys, expected " PLACE},
    {FUNCTION("{op: {stream: {value: 1, arg: 0}}}"), AT "20: key 'stream': found a map of 2 keys, expected " PLACE},
    {FUNCTION("{create: stream, parent: {stream: {arg: 0}}}"),
     AT "40: key 'stream': found a map of 1 key, expected the number of an argument, 0 to 31, or {value: N}\n"},
    {FUNCTION("{op: {stream: 2}, reject: {throw: java.lang.Error}}"),
     AT "40: key 'throw': found 'java.lang.Error', expected the name of a Java class with slashes, such as "
        "java/lang/IllegalStateException\n"},
    {FUNCTION("{op: {stream: 0}, reject: {throw: java/lang/Error}}"),
     AT "3: key 'f': found a handle in argument 0 beside 'throw', expected another argument: of a native method, "
        "argument 0 is Java's environment\n"},
    {HEAD "classes: {c: {at_exit: leak}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:24: key 'at_exit': found 'leak', expected one of ends\n"},
    {HEAD "classes: {c: {creates: none}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:24: key 'creates': found 'none', expected one of some\n"},
    {HEAD "classes: {c: {creates: some, closed: reject}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:24: key 'creates': found 'some' beside 'closed', expected one of the two: where not every create is "
     "seen, no value can be told to be a stray\n"},
    {HEAD "classes: {c: {null: never}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:21: key 'null': found 'never', expected one of pass, reject\n"},
    {HEAD "classes: {c: {type: int32, null: reject}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:28: key 'null': found class 'c', of which no value names no handle, expected such values under 'none' "
     "in "
     "the class\n"},
    {HEAD "classes: {c: {type: int32}}\nfunctions: {f: {op: {c: 0}, null: reject}}\n",
     "net.yaml:4:29: key 'null': found class 'c', of which no value names no handle, expected such values under 'none' "
     "in "
     "the class\n"},
    {HEAD "classes: {c: {type: int32}}\nfunctions: {f: {op: {c: {arg: 0, null: pass}}}}\n",
     "net.yaml:4:34: key 'null': found class 'c', of which no value names no handle, expected such values under 'none' "
     "in "
     "the class\n"},
    {FUNCTION("{create: stream, null: reject}"), AT
     "23: key 'null': found a function that is given no handle, expected 'op', 'free', 'acquire' or 'release' in the "
     "same function\n"},
    {HEAD "classes: {c: {fork: child}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:21: key 'fork': found 'child', expected one of owner, owner_strict\n"},
    /* tables */
    {TABLES("tables: list"), "net.yaml:5:9: key 'tables': found 'list', expected a map\n"},
    {TABLES("tables: {t: api}"), "net.yaml:5:13: key 't': found 'api', expected a map\n"},
    {TABLES("tables: {t: {entries: {open: 0}}}"),
     "net.yaml:5:13: key 'from' is missing; give it the function that hands the table out\n"},
    {TABLES("tables: {t: {from: api}}"),
     "net.yaml:5:13: key 'entries' is missing; say which functions stand in the table, and where\n"},
    {TABLES("tables: {t: {form: api, entries: {open: 0}}}"),
     "net.yaml:5:14: key 'form': found an unknown key, expected one of from, at, entries (did you mean 'from'?)\n"},
    {TABLES("tables: {t: {from: [], entries: {open: 0}}}"),
     "net.yaml:5:20: key 'from': found an empty list, expected the name of the function that hands the table out\n"},
    {TABLES("tables: {t: {from: dlsym, entries: {open: 0}}}"),
     "net.yaml:5:20: key 'dlsym': found a function that handleguard itself interposes, expected a function of the "
     "library\n"},
    {TABLES("tables: {t: {from: api, at: there, entries: {open: 0}}}"),
     "net.yaml:5:29: key 'at': found 'there', " PLACE_OF_TABLE},
    {TABLES("tables: {t: {from: api, at: '0', entries: {open: 0}}}"),
     "net.yaml:5:29: key 'at': found '0' in quotes, " PLACE_OF_TABLE},
    {TABLES("tables: {t: {from: api, at: '*32', entries: {open: 0}}}"),
     "net.yaml:5:29: key 'at': found '*32', " PLACE_OF_TABLE},
    {TABLES("tables: {t: {from: api, entries: {}}}"),
     "net.yaml:5:34: key 'entries': found an empty map, expected a map from functions to their numbers in the table, "
     "counted from 0 in pointers\n"},
    {TABLES("tables: {t: {from: api, entries: {opne: 0}}}"),
     "net.yaml:5:35: key 'opne': found the unknown function 'opne', expected one of open, end, api (did you mean "
     "'open'?)\n"},
    {TABLES("tables: {t: {from: api, entries: {open: -1}}}"),
     "net.yaml:5:41: key 'open': found '-1', expected an integer from 0 to 4095\n"},
    {TABLES("tables: {t: {from: api, entries: {open: 3, end: 3}}}"),
     "net.yaml:5:49: key 'end': found 3, the number of open, expected a number of its own\n"},
    {WAKE("cut"), "net.yaml:3:21: key 'wake': found 'cut', expected a map\n"},
    {WAKE("{args: [handle]}"), "net.yaml:3:21: key 'function' is missing; give it the name of a function\n"},
    {WAKE("{function: cut, arg: [handle]}"),
     "net.yaml:3:37: key 'arg': found an unknown key, expected one of function, args (did you mean 'args'?)\n"},
    {WAKE("{function: [cut]}"), "net.yaml:3:32: key 'function': found no function's name, expected one of open, cut, "
                                "end\n"},
    {WAKE("{function: cat}"), "net.yaml:3:32: key 'function': found the unknown function 'cat', expected one of open, "
                              "cut, end (did you mean 'cut'?)\n"},
    {WAKE("{function: end}"),
     "net.yaml:3:32: key 'function': found 'end', expected a function that only uses handles: its role is 'op'\n"},
    {WAKE("{function: open}"),
     "net.yaml:3:32: key 'function': found 'open', expected a function that only uses handles: its role is 'op'\n"},
    {WAKE("{function: cut, args: handle}"),
     "net.yaml:3:43: key 'args': found 'handle', expected a list of at most 6 of "
     "'handle', 'parent CLASS' and numbers\n"},
    {WAKE("{function: cut, args: [1, 2, 3, 4, 5, 6, 7]}"),
     "net.yaml:3:43: key 'args': found a list of 7 items, expected a list of at most 6 of 'handle', 'parent CLASS' and "
     "numbers\n"},
    {WAKE("{function: cut, args: [itself]}"),
     "net.yaml:3:44: key 'args': found 'itself', expected 'handle', 'parent CLASS' or a number\n"},
    {WAKE("{function: cut, args: [parent e]}"),
     "net.yaml:3:44: key 'args': found the unknown class 'e', expected one of c, d\n"},
    {WAKE("{function: cut, args: [parent d]}"), "net.yaml:3:44: key 'args': found 'parent d', expected 'parent CLASS' "
                                                "with a class that handles of class 'c' are made from\n"},
    {HEAD "classes: {c: {quarantine: 10}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:27: key 'quarantine': found '10', expected true or false\n"},
    {HEAD "classes: {c: {type: int32, quarantine: true}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:40: key 'quarantine': found 'true', expected false, or 'type: pointer': other handles are no "
     "memory\n"},
    {HEAD "classes: {c: {exclusive: true, thread: any}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:26: key 'exclusive': found 'true', expected one of report, serialise\n"
     "net.yaml:3:40: key 'thread': found 'any', expected one of creator\n"},
    {HEAD "classes: {c: {shared: true, limit: 0}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:23: key 'shared': found 'true', expected one of create, acquire\n"
     "net.yaml:3:36: key 'limit': found '0', expected an integer from 1 to 1000000000\n"},
    {HEAD "classes: {c: {holders: object, severing: pass}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:15: key 'holders': found no 'shared' beside it, expected 'shared' in the same class\n"},
    {HEAD "classes: {c: {severing: pass}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:15: key 'severing': found no 'shared' beside it, expected 'shared' in the same class\n"},
    {HEAD "classes: {c: {shared: create}}\nfunctions: {f: {free: {c: 0}, ends: on_return}}\n",
     "net.yaml:4:31: key 'ends': found a class whose handles are shared, expected no 'ends': the last holder ends the "
     "handle\n"},
    {FUNCTION("{acquire: {stream: 0}}"),
     AT "7: key 'acquire': found class 'stream', whose handles are not shared, expected a class that says 'shared'\n"},
    {FUNCTION("{release: {stream: 0}}"),
     AT "7: key 'release': found class 'stream', whose handles are not shared, expected a class that says 'shared'\n"},
    {FUNCTION("{create: stream, floating: true}"), AT
     "23: key 'floating': found class 'stream', whose handles are not shared, expected a class that says 'shared'\n"},
    {FUNCTION("{op: {stream: 0}, floating: true}"),
     AT "24: key 'floating': found no 'create' beside it, expected 'create' in the same function\n"},
    {FUNCTION("{op: {stream: 0}, sink: true}"),
     AT "24: key 'sink': found no 'acquire' beside it, expected 'acquire' in the same function\n"},
    {FUNCTION("{free: {stream: 0}, release: {stream: 1}}"),
     AT "26: key 'release': found 'free' beside it, expected one of the two in a function\n"},
    {FUNCTION("{acquire: {stream: [0, 1]}}"),
     AT "25: key 'stream': found a list of 2 items, expected the number of an argument\n"},
    {FUNCTION("{acquire: {stream: 0, token: 1}}"),
     AT "16: key 'acquire': found a map of 2 keys, expected one class, as a function acquires one handle\n"},
    {FUNCTION("{op: {stream: 0}, callbacks: true}"),
     AT "24: key 'callbacks': found no 'free' beside it, expected 'free' in the same function\n"},
    {FUNCTION("{free: {stream: 0}, callbacks: often}"),
     AT "37: key 'callbacks': found 'often', expected true or false\n"},
    {HEAD "classes: {c: {after_deadline: free}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:31: key 'after_deadline': found 'free', expected one of defer, leak\n"},
    {HEAD "classes: {c: {dead_line_ms: 1}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:15: key 'dead_line_ms': found an unknown key, expected one of type, none, reject, deadline_ms, drain, "
     "after_deadline, closed, exclusive, thread, quarantine, shared, holders, severing, limit, outlive, null, fork, "
     "wake, creates, at_exit, own_calls "
     "(did you "
     "mean "
     "'deadline_ms'?)\n"},
    {HEAD "classes: {a b: , c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:11: key 'a b': found an odd class name, expected letters, digits and _ . : - only\n"},
    {HEAD "classes: {\"a\\nb\": }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:11: key 'a b': found an odd class name, expected letters, digits and _ . : - only\n"
     "net.yaml:4:22: key 'c': found the unknown class 'c', expected one of a b\n"},
    {HEAD "classes: {c: {reject: EPIPEX}}\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:3:23: key 'reject': found 'EPIPEX', " REJECT},
    /* a function as a whole */
    {FUNCTION("{reject: 1}"), AT "3: key 'f': found a function without a role, expected at least one of 'create', "
                                 "'op', 'free', 'acquire', 'release', 'close', 'attach' and 'detach'\n"},
    {FUNCTION(""), AT "5: key 'f': found nothing, expected a map\n"},
    {FUNCTION("[]"), AT "6: key 'f': found an empty list, expected a map\n"},
    {FUNCTION("{op: {stream: 0}, op: {stream: 1}}"),
     AT "24: key 'op': found the key a second time, expected each key once (the first is at line 6, column 7)\n"},
    {FUNCTION("{op: {stream: 0}}\n  f: {op: {stream: 0}}"),
     "net.yaml:7:3: key 'f': found the key a second time, expected each key once (the first is at line 6, column 3)\n"},
    {FUNCTION("{create: stream, form: \"*1\"}"),
     AT "23: key 'form': found an unknown key, expected " FUNC_KEYS " (did you mean 'from'?)\n"},
    {FUNCTION("{op: {stream: 0}, quarantine: 1}"),
     AT "24: key 'quarantine': found an unknown key, expected " FUNC_KEYS "\n"},
    {FUNCTION("{op: {stream: 0}}\n  dlsym: {op: {stream: 0}}"),
     "net.yaml:7:3: key 'dlsym': found a function that handleguard itself interposes, expected a function of the "
     "library\n"},
    {FUNCTION("{op: {stream: 0}}\n  f@V1: {op: {stream: 0}}"),
     "net.yaml:7:3: key 'f@V1': found no name of a function, expected a symbol's name without a version\n"},
    {FUNCTION("{op: {stream: 0}}\n  [g]: {op: {stream: 0}}"),
     "net.yaml:7:3: key 'functions': found a list of 1 item, expected a name for the key\n"},
    /* op and free */
    {FUNCTION("{op: {steam: 0}}"),
     AT "12: key 'steam': found the unknown class 'steam', expected one of stream (did you mean 'stream'?)\n"},
    {FUNCTION("{op: stream}"), AT "11: key 'op': found 'stream', expected a map\n"},
    {FUNCTION("{op: {}}"), AT "11: key 'op': found an empty map, expected at least one entry\n"},
    {FUNCTION("{op: {stream: }}"), AT "20: key 'stream': found nothing, expected " ARGUMENT},
    {FUNCTION("{op: {stream: []}}"), AT "20: key 'stream': found an empty list, expected the number of an argument\n"},
    {FUNCTION("{op: {stream: 32}}"), AT "20: key 'stream': found '32', expected " ARGUMENT},
    {FUNCTION("{op: {stream: -1}}"), AT "20: key 'stream': found '-1', expected " ARGUMENT},
    {FUNCTION("{op: {stream: '0'}}"), AT "20: key 'stream': found '0' in quotes, expected " ARGUMENT},
    {FUNCTION("{op: {stream: \"*32\"}}"), AT "20: key 'stream': found '*32', expected " ARGUMENT},
    {FUNCTION("{op: {stream: {}}}"), AT "20: key 'stream': found an empty map, expected " PLACE},
    {FUNCTION("{op: {stream: {array: 0}}}"), AT "20: key 'stream': found a map of 1 key, expected " PLACE},
    {FUNCTION("{op: {stream: {array: 0, struct: 0, count: 1}}}"),
     AT "20: key 'stream': found a map of 3 keys, expected " PLACE},
    {FUNCTION("{op: {stream: {struct: 0, count: 1}}}"), AT "20: key 'stream': found a map of 2 keys, expected " PLACE},
    {FUNCTION("{op: {stream: {struct: 0, stride: 8}}}"), AT "20: key 'stream': found a map of 2 keys, expected " PLACE},
    {FUNCTION("{free: {stream: {array: 0, count: 1}}}"),
     AT "22: key 'stream': found a map of 2 keys, expected {arg: N}, {value: N} or {struct: N, offset: BYTES}, as a "
        "function "
        "ends one handle\n"},
    {FUNCTION("{op: {stream: {array: 0, count: 1, offset: 8, stride: 8}}}"),
     AT "60: key 'stride': found '8', expected an integer from 16 to 65535\n"},
    {FUNCTION("{op: {stream: {array: \"*0\", count: 1}}}"),
     AT "28: key 'array': found '*0', expected the number of an argument, 0 to 31\n"},
    {FUNCTION("{op: {stream: {java_array: 2}}}"),
     AT "33: key 'java_array': found '2', expected a class of type int64 (long[]) or int32 (int[]), which 'stream' is "
        "not\n"},
    {FUNCTION("{op: {stream: {java_array: 2, stride: 8}}}"),
     AT "20: key 'stream': found a map of 2 keys, expected " PLACE},
    {LONGS("{create: c, from: {java_array: return, offset: 12}}"),
     "net.yaml:4:63: key 'offset': found '12', expected a multiple of 8, the bytes of an element\n"},
    {LONGS("{op: {c: {java_array: return}}}"),
     "net.yaml:4:25: key 'c': found a map of 1 key, expected {java_array: N}, an argument\n"},
    {FUNCTION("{op: {stream: {aray: 0}}}"), AT "21: key 'aray': found an unknown key, expected one of array, struct, "
                                               "count, stride, offset, arg, if, null, value, java_array (did you mean "
                                               "'array'?)\n"},
    {FUNCTION("{op: {stream: [{struct: 0}, {struct: 0}]}}"),
     AT "34: key 'stream': found a map of 1 key, expected each argument to be used once by 'op' and 'free' together\n"},
    {FUNCTION("{op: {stream: [0, [1]]}}"), AT "24: key 'stream': found a list of 1 item, expected " ARGUMENT},
    {FUNCTION("{op: {stream: 31}, sret: true}"),
     AT "20: key 'stream': found '31', expected the number of an argument, 0 to 30, or \"*N\" if argument N is the "
        "handle's address\n"},
    {FUNCTION("{op: {stream: [0, 0]}}"),
     AT "24: key 'stream': found '0', expected each argument to be used once by 'op' and 'free' together\n"},
    {FUNCTION("{op: {stream: [" HANDLES "]}}"),
     AT "838: key 'stream': found '31', expected at most 32 handles a function\n"},
    {FUNCTION("{free: {stream: [0, 1]}}"),
     AT "22: key 'stream': found a list of 2 items, expected the number of an argument\n"},
    {HEAD "classes: {a: , b: }\nfunctions: {f: {free: {a: 0, b: 1}}}\n",
     "net.yaml:4:23: key 'free': found a map of 2 keys, expected one class, as a function ends one handle, or an 'if' "
     "for each\n"},
    {FUNCTION("{free: {straem: 0}}"),
     AT "14: key 'straem': found the unknown class 'straem', expected one of stream (did you mean 'stream'?)\n"},
    /* freed, while_freeing, deferred */
    {FUNCTION("{op: {stream: 0}, freed: \"== 0\"}"),
     AT "24: key 'freed': found no 'free' beside it, expected 'free' in the same function\n"},
    {FUNCTION("{op: {stream: 0}, ends: on_return}"),
     AT "24: key 'ends': found no 'free' beside it, expected 'free' in the same function\n"},
    {FUNCTION("{free: {stream: 0}, ends: later}"), AT "32: key 'ends': found 'later', expected on_return\n"},
    {FUNCTION("{free: {stream: 0}, while_freeing: allow}"),
     AT "26: key 'while_freeing': found no 'op' beside it, expected 'op' in the same function\n"},
    {FUNCTION("{op: {stream: 0}, while_freeing: true}"), AT "39: key 'while_freeing': found 'true', expected allow\n"},
    {FUNCTION("{op: {stream: 0}, deferred: 0}"),
     AT "24: key 'deferred': found no 'free' beside it, expected 'free' in the same function\n"},
    {FUNCTION("{op: {stream: 0}, reentrant: allow}"),
     AT "24: key 'reentrant': found no 'free' beside it, expected 'free' in the same function\n"},
    {FUNCTION("{free: {stream: 0}, reentrant: true}"), AT "37: key 'reentrant': found 'true', expected one of allow\n"},
    {FUNCTION("{free: {stream: 0}, may_end: true}"),
     AT "26: key 'may_end': found no 'op' beside it, expected 'op' in the same function\n"},
    {FUNCTION("{close: {stream: 0}, free: {stream: 0}}"),
     AT "23: key 'stream': found '0', expected each argument to be used once by 'op' and 'free' together\n"},
    /* ties */
    {FUNCTION("{attach: 0}"), AT "15: key 'attach': found '0', expected a map\n"},
    {FUNCTION("{attach: []}"), AT "15: key 'attach': found an empty list, expected " ATTACH},
    {FUNCTION("{attach: {to: {stream: 0}}}"), AT "15: key 'attach': found a map of 1 key, expected " ATTACH},
    {FUNCTION("{attach: {stream: 1, spot: 2, to: {stream: 0}}}"),
     AT "15: key 'attach': found a map of 3 keys, expected " ATTACH},
    {FUNCTION("{attach: {stream: 1}}"), AT "15: key 'to' is missing; say which handle it is attached to\n"},
    {FUNCTION("{attach: {stream: 1, to: {}}}"),
     AT "31: key 'to': found an empty map, expected one class and the number of an argument\n"},
    {FUNCTION("{attach: {stream: 1, to: {nodes: 0}}}"), AT "32: key 'nodes': found the unknown class 'nodes', "
                                                           "expected one of stream\n"},
    {FUNCTION("{attach: {stream: 0, to: {stream: 0}}}"),
     AT "24: key 'stream': found '0', expected another handle than the one that it is attached to\n"},
    {FUNCTION("{attach: {stream: all, to: {stream: 0}}}"), AT "24: key 'stream': found 'all', expected " ARGUMENT},
    {FUNCTION("{attach: {stream: 1, to: {stream: 0}, place: \"*1\"}}"),
     AT "51: key 'place': found '*1', expected the number of an argument, 0 to 31\n"},
    {FUNCTION("{attach: {stream: 1, to: {stream: 0}, place: 2, gives: true}}"),
     AT "44: key 'place': found 'gives' beside it, expected one of the two\n"},
    {FUNCTION("{attach: {stream: 1, to: {stream: 0}, gives: all}}"),
     AT "51: key 'gives': found 'all', expected true or false\n"},
    {HEAD "classes: {c: {shared: acquire}, d: {}}\nfunctions: {f: {attach: {c: 1, to: {d: 0}, gives: true}}}\n",
     "net.yaml:4:44: key 'gives': found a class that says 'shared', expected a class whose handles have one holder\n"},
    {FUNCTION("{attach: {stream: 1, to: {stream: 0}}, free: {stream: 2}}"),
     AT "7: key 'attach': found a function that ends a handle, expected one that ends none\n"},
    {FUNCTION("{detach: {of: {stream: 0}}}"), AT "15: key 'detach': found a map of 1 key, expected " DETACH},
    {FUNCTION("{detach: {stream: all}}"), AT "24: key 'stream': found 'all', expected " DETACH},
    {FUNCTION("{op: {stream: 0}, detaches: true}"), AT
     "24: key 'detaches': found neither 'free' nor 'release' beside it, expected one of them in the same function\n"},
    {FUNCTION("{free: {stream: 0}, detaches: 1}"), AT "36: key 'detaches': found '1', expected true or false\n"},
    {FUNCTION("{op: {stream: 0}, attached: none}"), AT "34: key 'attached': found 'none', expected one of untouched\n"},
    {FUNCTION("{create: stream, attached: untouched}"),
     AT "23: key 'attached': found a function that is given no handle, expected 'op' or 'free' in the same function\n"},
    {FUNCTION("{close: 0}"), AT "14: key 'close': found '0', expected a map\n"},
    {FUNCTION("{op: {stream: 0}, may_end: later}"), AT "33: key 'may_end': found 'later', expected true or false\n"},
    {FUNCTION("{free: {stream: 0}, deferred: {value: 0}}"), AT "36: key 'deferred': found a map of 1 key, " REJECT},
    {FUNCTION("{free: {stream: 0}, deferred: 0.5}"),
     AT "36: key 'deferred': found '0.5', expected a value that fits int32, which the function returns\n"},
    {FUNCTION("{op: {stream: 0}, concurrent: allow}"),
     AT "36: key 'concurrent': found 'allow', expected true or false\n"},
    {FUNCTION("{create: stream, concurrent: true}"),
     AT "23: key 'concurrent': found neither 'op' nor 'free' beside it, expected one of them in the same function\n"},
    {FUNCTION("{free: {stream: 0}, children: ends}"),
     AT "36: key 'children': found 'ends', expected one of orphan, end, refuse, keep (did you mean 'end'?)\n"},
    {FUNCTION("{op: {stream: 0}, children: end}"),
     AT "24: key 'children': found no 'free' beside it, expected 'free' in the same function\n"},
    {FUNCTION("{free: {stream: 0}, children: {stream: ends}}"),
     AT "45: key 'stream': found 'ends', expected one of orphan, end, refuse, keep (did you mean 'end'?)\n"},
    {FUNCTION("{free: {stream: 0}, children: {streem: end}}"),
     AT "37: key 'streem': found the unknown class 'streem', expected one of stream (did you mean 'stream'?)\n"},
    {FUNCTION("{free: {stream: 0}, children: {stream: refuse}}"),
     AT "26: key 'children': found no 'freed' beside it, expected 'freed' in the same function\n"},
    {FUNCTION("{create: [{class: stream, children: refuse}]}"),
     AT "42: key 'children': found 'refuse' beside 'create', expected orphan, end or keep: that it refuses says the "
        "function that frees, with 'freed'\n"},
    {FUNCTION("{op: {stream: 0}, children_of: {stream: 0}}"),
     AT "24: key 'children_of': found no 'free' beside it, expected 'free' in the same function\n"},
    {FUNCTION("{free: {stream: 0}, children_of: {stream: 0}}"),
     AT "13: key 'free': found a map of 1 key, expected {CLASS: all} of one class beside 'children_of'\n"},
    {FUNCTION("{free: {stream: all}, children_of: 0}"),
     AT "41: key 'children_of': found '0', expected one class and the number of an argument\n"},
    {HEAD "classes: {c: {shared: acquire}}\nfunctions: {f: {release: {c: 0}, children: refuse}}\n",
     "net.yaml:4:44: key 'children': found 'refuse' beside 'release', expected orphan, end or keep: a release drops "
     "one claim, "
     "whatever there is\n"},
    {FUNCTION("{free: {stream: 0}, children: refuse}"),
     AT "26: key 'children': found no 'freed' beside it, expected 'freed' in the same function\n"},
    /* choices */
    {FUNCTION("{op: {stream: {arg: 1, if: 2}}}"), AT "33: key 'if': found '2', expected " CHOICE},
    {FUNCTION("{op: {stream: {arg: 1, if: {}}}}"), AT "33: key 'if': found an empty map, expected " CHOICE},
    {FUNCTION("{op: {stream: {arg: 1, if: {32: 2}}}}"), AT "33: key 'if': found a map of 1 key, expected " CHOICE},
    {FUNCTION("{op: {stream: {arg: 1, if: {0: 3000000000}}}}"),
     AT "37: key '0': found '3000000000', expected an integer from -2147483648 to 2147483647\n"},
    {FUNCTION("{op: {stream: {arg: 1, offset: 8}}}"), AT "20: key 'stream': found a map of 2 keys, expected " PLACE},
    {FUNCTION("{op: {stream: {arg: 1, struct: 0}}}"), AT "20: key 'stream': found a map of 2 keys, expected " PLACE},
    {FUNCTION("{op: {stream: all}}"), AT "20: key 'stream': found 'all', expected " ARGUMENT},
    /* parks, timeout */
    {FUNCTION("{op: {stream: 0}, parks: 1}"), AT "31: key 'parks': found '1', expected true or false\n"},
    {FUNCTION("{free: {stream: 0}, parks: true, timeout: 0}"),
     AT "26: key 'parks': found no 'op' beside it, expected 'op' in the same function\n" AT
        "39: key 'timeout': found no 'op' beside it, expected 'op' in the same function\n"},
    {FUNCTION("{op: {stream: 0}, timeout: ever}"), AT "33: key 'timeout': found 'ever', " REJECT},
    {FUNCTION("{op: {stream: 0}, timeout: 0.5}"),
     AT "33: key 'timeout': found '0.5', expected a value that fits int32, which the function returns\n"},
    {FUNCTION("{op: {stream: 0}, timeout: {errno: EAGAIN}}"),
     AT "33: key 'timeout': found a map of 1 key, expected a value, {value: V, errno: NAME}, or never\n"},
    {FUNCTION("{op: {stream: 0}, timeout: {text: late}}"),
     AT "33: key 'timeout': found a map of 1 key, expected a value, {value: V, errno: NAME}, or never\n"},
    {FUNCTION("{op: {stream: 0}, returns: void, timeout: 0}"),
     AT "48: key 'timeout': found '0', expected never, as the function returns void\n"},
    /* conditions */
    {FUNCTION("{create: stream, from: \"*1\", when: \"= 0\"}"), AT "41: key 'when': found '= 0', " CONDITION},
    {FUNCTION("{create: stream, from: \"*1\", when: \"== 0.5\"}"), AT "41: key 'when': found '== 0.5', " CONDITION},
    {FUNCTION("{create: stream, from: \"*1\", when: \"== \"}"), AT "41: key 'when': found '== ', " CONDITION},
    {FUNCTION("{create: stream, from: \"*1\", when: [0]}"), AT "41: key 'when': found a list of 1 item, " CONDITION},
    {FUNCTION("{free: {stream: 0}, freed: \"== 5000000000\"}"),
     AT "33: key 'freed': found '== 5000000000', expected a value that fits int32, which the function returns\n"},
    {FUNCTION("{free: {stream: 0}, freed: \"== null\"}"),
     AT "33: key 'freed': found '== null', expected a value that fits int32, which the function returns\n"},
    {FUNCTION("{free: {stream: 0}, returns: void, freed: \"== 0\"}"),
     AT "48: key 'freed': found '== 0', expected no condition, as the function returns void\n"},
    {FUNCTION("{free: {stream: 0}, returns: double, freed: \"> 0\"}"),
     AT "50: key 'freed': found '> 0', expected no condition, as the function returns double\n"},
    /* create */
    {FUNCTION("{create: steam}"),
     AT "15: key 'create': found the unknown class 'steam', expected one of stream (did you mean 'stream'?)\n"},
    {FUNCTION("{create: {class: stream}}"),
     AT "15: key 'create': found a map of 1 key, expected the name of a class, or a list of maps\n"},
    {FUNCTION("{create: []}"), AT "15: key 'create': found an empty list, expected the name of a class, or a list of "
                                  "maps\n"},
    {FUNCTION("{create: [stream]}"), AT "16: key 'create': found 'stream', expected a map\n"},
    {FUNCTION("{create: [{from: \"*1\"}]}"), AT "16: key 'class' is missing; give it the name of a class\n"},
    {FUNCTION("{create: [{class: stream, whem: \"== 0\"}]}"),
     AT "32: key 'whem': found an unknown key, expected one of class, from, when, parent, if, floating, children (did "
        "you mean "
        "'when'?)\n"},
    {FUNCTION("{create: [{class: stream}], from: \"*1\"}"),
     AT "34: key 'from': found a list in 'create' beside it, expected the key in the maps of that list\n"},
    {FUNCTION("{op: {stream: 0}, parent: {stream: 0}}"),
     AT "24: key 'parent': found no 'create' beside it, expected 'create' in the same function\n"},
    {FUNCTION("{create: stream, from: result}"),
     AT "29: key 'from': found 'result', expected return, or where the handle is: N or \"*N\", 0 to 31, or a map\n"},
    {FUNCTION("{create: stream, from: 32}"), AT "29: key 'from': found '32', expected " ARGUMENT},
    {FUNCTION("{create: stream, from: {array: 1}}"), AT "29: key 'from': found a map of 1 key, expected " PLACE},
    {FUNCTION("{create: stream, from: {array: 1, count: {}}}"),
     AT "47: key 'value' is missing; say how many elements there are\n"},
    {FUNCTION("{create: stream, from: {array: 1, count: {value: 0}}}"),
     AT "55: key 'value': found '0', expected an integer from 1 to 255\n"},
    {FUNCTION("{create: stream, from: {arg: 1, null: pass}}"),
     AT "29: key 'from': found a map of 2 keys, expected no 'null': nothing is given there\n"},
    {FUNCTION("{create: [{class: stream, from: {arg: 1, if: {0: 1}}, if: {0: 1}}]}"),
     AT "38: key 'from': found a map of 2 keys, expected one 'if' for a create\n"},
    {FUNCTION("{op: {stream: 1}, create: stream, from: 1}"),
     AT "46: key 'from': found an argument that the function uses, expected another argument: what a call fills is no "
        "handle before\n"},
    {FUNCTION("{create: [{class: stream, from: \"*1\"}, {class: stream, from: \"*1\"}]}"),
     AT "67: key 'from': found two creates from one place, expected a 'from' of its own for each\n"},
    {FUNCTION("{create: stream, parent: {stream: \"*1\"}}"),
     AT "40: key 'stream': found '*1', expected the number of an argument, 0 to 31\n"},
    {FUNCTION("{create: stream, parent: stream}"),
     AT "31: key 'parent': found 'stream', expected one class and the number of an argument\n"},
    {FUNCTION("{create: stream, parent: {node: 0}}"),
     AT "32: key 'node': found the unknown class 'node', expected one of stream\n"},
    /* returns, sret, stack_bytes, zero */
    {FUNCTION("{op: {stream: 0}, returns: pointr}"),
     AT "33: key 'returns': found 'pointr', expected one of void, int8, int16, int32, int64, uint8, uint16, uint32, "
        "uint64, pointer, float, double, struct, int, long (did you mean 'pointer'?)\n"},
    {FUNCTION("{create: stream, returns: int}"),
     AT "15: key 'create': found a handle from the result, expected a result "
        "as wide as class 'stream' (pointer), not int32\n"},
    {FUNCTION("{create: stream, sret: true}"),
     AT "15: key 'create': found a handle from the result beside 'sret', "
        "expected a result as wide as class 'stream' (pointer), not a struct\n"},
    {FUNCTION("{op: {stream: 0}, sret: true, returns: int}"),
     AT "45: key 'returns': found 'int', expected no 'returns' beside 'sret', which says that a struct is returned\n"},
    {FUNCTION("{op: {stream: 0}, sret: 0}"), AT "30: key 'sret': found '0', " SRET},
    {FUNCTION("{op: {stream: 0}, sret: 65537}"), AT "30: key 'sret': found '65537', " SRET},
    {FUNCTION("{op: {stream: 0}, sret: 'true'}"), AT "30: key 'sret': found 'true', " SRET},
    {FUNCTION("{op: {stream: 0}, returns: struct, reject: 0}"),
     AT "49: key 'reject': found '0', expected no value, as the function returns struct, which is all zero\n"},
    {FUNCTION("{create: stream, returns: struct}"),
     AT "15: key 'create': found a handle from the result, expected a result "
        "as wide as class 'stream' (pointer), not struct\n"},
    {FUNCTION("{free: {stream: 0}, returns: struct, freed: \"== 0\"}"),
     AT "50: key 'freed': found '== 0', expected no condition, as the function returns struct\n"},
    {FUNCTION("{op: {stream: 0}, stack_bytes: 70000}"),
     AT "37: key 'stack_bytes': found '70000', expected an integer from 0 to 65536\n"},
    {FUNCTION("{op: {stream: 0}, stack_bytes: 9}"), AT "37: key 'stack_bytes': found '9', expected a multiple of 8\n"},
    {FUNCTION("{op: {stream: 0}, zero: {arg: 1, bytes: 8}}"),
     AT "30: key 'zero': found a map of 2 keys, expected a list of {arg: N, bytes: BYTES} or {arg: N, count: N, "
        "size: BYTES}\n"},
    {FUNCTION("{op: {stream: 0}, zero: [8]}"), AT "31: key 'zero': found '8', expected a map\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{bytes: 8}]}"),
     AT "31: key 'arg' is missing; write it beside 'bytes', or beside 'count' and 'size'\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1}]}"),
     AT "31: key 'bytes' is missing; write it, or 'count' and 'size', beside 'arg'\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1, count: 2}]}"),
     AT "31: key 'size' is missing; write it beside 'count', with the bytes of an element\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1, size: 2}]}"),
     AT "31: key 'count' is missing; write it beside 'size', with the number of an argument\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1, count: 2, bytes: 8}]}"),
     AT "50: key 'bytes': found 'count' or 'size' beside it, expected 'bytes' alone, or 'count' and 'size'\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1, count: 2, size: 65537}]}"),
     AT "56: key 'size': found '65537', expected an integer from 1 to 65536\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1, count: \"*2\", size: 8}]}"),
     AT "47: key 'count': found '*2', expected an integer from 0 to 31\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1, bytes: 8, lenght: 2}]}"),
     AT "50: key 'lenght': found an unknown key, expected one of arg, bytes, count, size\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 1, bytes: 0}]}"),
     AT "47: key 'bytes': found '0', expected an integer from 1 to 65536\n"},
    {FUNCTION("{op: {stream: 0}, zero: [{arg: 32, bytes: 8}]}"),
     AT "37: key 'arg': found '32', expected an integer from 0 to 31\n"},
    /* reject */
    {FUNCTION("{op: {stream: 0}, reject: -ENOPE}"), AT "32: key 'reject': found '-ENOPE', " REJECT},
    {FUNCTION("{op: {stream: 0}, reject: [1]}"), AT "32: key 'reject': found a list of 1 item, " REJECT},
    {FUNCTION("{op: {stream: 0}, reject: '1'}"), AT "32: key 'reject': found '1' in quotes, " REJECT},
    {FUNCTION("{op: {stream: 0}, reject: {}}"),
     AT "32: key 'reject': found an empty map, expected 'value' or 'text', and 'errno' or 'throw'\n"},
    {FUNCTION("{op: {stream: 0}, reject: {value: -1, errno: EFOO}}"),
     AT "51: key 'errno': found 'EFOO', expected the name of an errno value, such as EPIPE\n"},
    {FUNCTION("{op: {stream: 0}, reject: {value: -1, errno: -EPIPE}}"),
     AT "51: key 'errno': found '-EPIPE', expected the name of an errno value, such as EPIPE\n"},
    {FUNCTION("{op: {stream: 0}, reject: {value: -1, erno: EPIPE}}"),
     AT "44: key 'erno': found an unknown key, expected one of value, errno, text, throw (did you mean 'errno'?)\n"},
    {FUNCTION("{op: {stream: 0}, reject: {errno: EPIPE}}"),
     AT "32: key 'reject': found a map of 1 key, expected 'value' "
        "beside 'errno', as the function returns int32\n"},
    {FUNCTION("{op: {stream: 0}, reject: {text: closed}}"),
     AT "32: key 'reject': found a map of 1 key, expected no text, as the function returns int32\n"},
    {FUNCTION("{op: {stream: 0}, returns: pointer, reject: {text: closed, value: 0}}"),
     AT "57: key 'text': found 'closed', expected 'text' or 'value', not both\n"},
    {FUNCTION("{op: {stream: 0}, reject: 1.5}"),
     AT "32: key 'reject': found '1.5', expected a value that fits int32, which the function returns\n"},
    {FUNCTION("{op: {stream: 0}, returns: uint8, reject: 256}"),
     AT "48: key 'reject': found '256', expected a value that fits uint8, which the function returns\n"},
    {FUNCTION("{op: {stream: 0}, returns: pointer, reject: 0.5}"),
     AT "50: key 'reject': found '0.5', expected null or an integer, as the function returns pointer\n"},
    {FUNCTION("{op: {stream: 0}, returns: uint32}"), AT
     "3: key 'f': found no 'reject' of its own, expected one, as the class's does not fit uint32, which the function "
     "returns\n"},
    /* several at once, in the order of the file whatever the order of reading */
    {"functions:\n  f: {op: {c: 99}, from: return}\nclasses:\n  c: {drain: never}\nlibrary: []\nhandleguard: 1\n",
     "net.yaml:2:15: key 'c': found '99', expected " ARGUMENT
     "net.yaml:2:20: key 'from': found no 'create' beside it, expected 'create' in the same function\n"
     "net.yaml:4:14: key 'drain': found 'never', expected one of wait, defer, auto\n"
     "net.yaml:5:10: key 'library': found an empty list, expected at least one pattern of a soname\n"},
};

const size_t mistake_count = sizeof(mistakes) / sizeof(*mistakes);
