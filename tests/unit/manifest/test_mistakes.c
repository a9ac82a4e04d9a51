/* Every kind of mistake that a manifest can have, with the exact words in which it is told. */
#include <check.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest/parse/read.h"
#include "support.h"

/* The head takes four lines, so functions begin on line 6. */
#define HEAD                                                                                                           \
	"handleguard: 1\n"                                                                                             \
	"library: libnet.so.0\n"
#define CLASSES                                                                                                        \
	"classes:\n"                                                                                                   \
	"  stream: {reject: -EPIPE}\n"
#define FUNCTIONS      "functions:\n"
#define FUNCTION(body) HEAD CLASSES FUNCTIONS "  f: " body "\n"
#define AT             "net.yaml:6:"
#define FUNC_KEYS                                                                                                      \
	"one of returns, create, from, when, parent, op, free, freed, ends, while_freeing, reject, zero, deferred, "   \
	"stack_bytes, sret, concurrent, children, parks, timeout, acquire, sink, release, floating, callbacks, null"
#define ARGUMENT  "the number of an argument, 0 to 31, or \"*N\" if argument N is the handle's address\n"
#define PLACE     "{arg: N}, {struct: N, offset: BYTES} or {array: N, count: N, stride: BYTES, offset: BYTES}\n"
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
#define NOT_YAML "found text that is not YAML ("
#define SRET     "expected the size of the struct in bytes, 1 to 65536, or true or false\n"

static const struct {
	const char *text;
	const char *errors;
} cases[] = {
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
    {"handleguard: 2\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:1:14: key 'handleguard': found '2', expected 1, the version of the manifest's format\n"},
    {"handleguard: \"1\"\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:1:14: key 'handleguard': found '1' in quotes, expected 1, the version of the manifest's format\n"},
    {"handlegard: 1\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n",
     "net.yaml:1:1: key 'handlegard': found an unknown key, expected one of handleguard, library, defaults, classes, "
     "functions (did you mean 'handleguard'?)\n"
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
     "after_deadline, closed, exclusive, thread, quarantine, shared, holders, severing, limit, outlive, null (did you "
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
                                 "'op', 'free', 'acquire' and 'release'\n"},
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
     AT "22: key 'stream': found a map of 2 keys, expected {arg: N} or {struct: N, offset: BYTES}, as a function ends "
        "one handle\n"},
    {FUNCTION("{op: {stream: {array: 0, count: 1, offset: 8, stride: 8}}}"),
     AT "60: key 'stride': found '8', expected an integer from 16 to 65535\n"},
    {FUNCTION("{op: {stream: {array: \"*0\", count: 1}}}"),
     AT "28: key 'array': found '*0', expected the number of an argument, 0 to 31\n"},
    {FUNCTION("{op: {stream: {aray: 0}}}"), AT "21: key 'aray': found an unknown key, expected one of array, struct, "
                                               "count, stride, offset, arg, if, null (did you mean "
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
    {FUNCTION("{free: {stream: 0}, deferred: {value: 0}}"), AT "36: key 'deferred': found a map of 1 key, " REJECT},
    {FUNCTION("{free: {stream: 0}, deferred: 0.5}"),
     AT "36: key 'deferred': found '0.5', expected a value that fits int32, which the function returns\n"},
    {FUNCTION("{op: {stream: 0}, concurrent: allow}"),
     AT "36: key 'concurrent': found 'allow', expected true or false\n"},
    {FUNCTION("{free: {stream: 0}, concurrent: true}"),
     AT "26: key 'concurrent': found no 'op' beside it, expected 'op' in the same function\n"},
    {FUNCTION("{free: {stream: 0}, children: ends}"),
     AT "36: key 'children': found 'ends', expected one of orphan, end, refuse, keep (did you mean 'end'?)\n"},
    {FUNCTION("{op: {stream: 0}, children: end}"),
     AT "24: key 'children': found no 'free' beside it, expected 'free' in the same function\n"},
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
     AT "32: key 'whem': found an unknown key, expected one of class, from, when, parent, if, floating (did you mean "
        "'when'?)\n"},
    {FUNCTION("{create: [{class: stream}], from: \"*1\"}"),
     AT "34: key 'from': found a list in 'create' beside it, expected the key in the maps of that list\n"},
    {FUNCTION("{op: {stream: 0}, parent: {stream: 0}}"),
     AT "24: key 'parent': found no 'create' beside it, expected 'create' in the same function\n"},
    {FUNCTION("{create: stream, from: 1}"),
     AT "29: key 'from': found '1', expected return, or \"*N\" with N the number of an argument, 0 to 31\n"},
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
     AT "32: key 'reject': found an empty map, expected 'value' or 'text', and 'errno'\n"},
    {FUNCTION("{op: {stream: 0}, reject: {value: -1, errno: EFOO}}"),
     AT "51: key 'errno': found 'EFOO', expected the name of an errno value, such as EPIPE\n"},
    {FUNCTION("{op: {stream: 0}, reject: {value: -1, errno: -EPIPE}}"),
     AT "51: key 'errno': found '-EPIPE', expected the name of an errno value, such as EPIPE\n"},
    {FUNCTION("{op: {stream: 0}, reject: {value: -1, erno: EPIPE}}"),
     AT "44: key 'erno': found an unknown key, expected one of value, errno, text (did you mean 'errno'?)\n"},
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

/* A line each: FILE:LINE:COLUMN: key 'KEY': found FOUND, expected EXPECTED; or that the key is missing, and a remedy.
 */
static void check_form(const char *errors)
{
	static const char form[] =
	    "^(net\\.yaml:[0-9]+:[0-9]+: key '[^\n]+'(: found [^\n]+, expected | is missing; )[^\n]+\n)*$";
	regex_t expression;

	ck_assert_int_eq(regcomp(&expression, form, REG_EXTENDED | REG_NOSUB), 0);
	ck_assert_msg(regexec(&expression, errors, 0, NULL, 0) == 0, "%s", errors);
	regfree(&expression);
}

START_TEST(test_mistake)
{
	char *errors;
	struct hg_manifest *manifest = parse_text("net.yaml", cases[_i].text, &errors);

	ck_assert_str_eq(errors, cases[_i].errors);
	check_form(errors);
	ck_assert_ptr_null(manifest);
	free(errors);
}
END_TEST

/* A list in the file that holds itself must not send the reader round for ever. */
START_TEST(test_self_reference)
{
	char *errors;

	ck_assert_ptr_null(parse_text("net.yaml", "&a [*a]\n", &errors));
	ck_assert_str_eq(
	    errors,
	    "net.yaml:1:1: key 'handleguard': found a list of 1 item, expected a map that says 'handleguard: 1'\n");
	free(errors);
}
END_TEST

/* Whatever is cut off or changed by one byte is either a manifest or told as a mistake, without reading astray. */
START_TEST(test_damaged)
{
	static const char whole[] = HEAD CLASSES FUNCTIONS
	    "  f: {op: {stream: [0, 1]}, create: [{class: stream, from: \"*2\", when: \"== 0\"}], "
	    "reject: {value: -1, errno: EPIPE}, zero: [{arg: 1, bytes: 8}]}\n";
	static const char bytes[] = "\n\t :-[]{}*&!|>'\"%@`0\xff";
	char text[sizeof(whole)];

	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		for (size_t j = 0; j < sizeof(bytes); j++) {
			char *errors;
			memcpy(text, whole, sizeof(whole));
			text[i] = bytes[j]; /* the last is NUL: cut off */
			struct hg_manifest *manifest = parse_text("net.yaml", text, &errors);
			ck_assert_int_eq(manifest == NULL, *errors != '\0');
			check_form(errors);
			hg_manifest_free(manifest);
			free(errors);
		}
	}
}
END_TEST

enum { MEGABYTE = 1000000 };

/* What once took hours: libyaml's lists, the search for the key before a mistake, the list of mistakes. Here the time
 * limit of a test is the measure. */
static const struct {
	const char *begin, *unit;
	const char *tail; /* after the unit and its number; NULL: the unit has none */
	const char *expected;
} nonsense[] = {
    {"", "[", NULL, "net.yaml:1:33: key 'handleguard': found more than 32 levels of maps and lists, expected fewer\n"},
    {"", "{", NULL, "net.yaml:1:33: key 'handleguard': found more than 32 levels of maps and lists, expected fewer\n"},
    {"", "- ", NULL, "net.yaml:1:65: key 'handleguard': found more than 32 levels of maps and lists, expected fewer\n"},
    {"a: b\n---\n", "[", NULL, "net.yaml:3:33: key 'handleguard': found more than 32 levels"},
    {"[", "&a", " x,", "key 'handleguard': found more than 1000 anchors, expected fewer\n"},
    {"", "%TAG !a", "! b\n",
     "net.yaml:17:1: key 'handleguard': found more than 16 lines that begin with '%', expected none\n"},
    {"\"", "a", NULL, "found unexpected end of stream"},
    {"", "a", NULL, "expected a map that says 'handleguard: 1'"},
    {"", "k", ": 1\n", "net.yaml: there are "},
    {"", "k: 1\n", NULL, "net.yaml: there are "},
    {HEAD CLASSES FUNCTIONS, "  f", ": {odd: 1}\n", "net.yaml: there are "},
    {HEAD CLASSES FUNCTIONS, "  f: {op: {stream: 0}}\n", NULL, "net.yaml: there are "},
};

START_TEST(test_megabytes_of_nonsense)
{
	char *text = malloc(MEGABYTE + 128), *errors;
	size_t size = (size_t)sprintf(text, "%s", nonsense[_i].begin);

	for (int i = 0; size < MEGABYTE; i++) {
		size += (size_t)sprintf(text + size, "%s", nonsense[_i].unit);
		if (nonsense[_i].tail)
			size += (size_t)sprintf(text + size, "%d%s", i, nonsense[_i].tail);
	}
	ck_assert_ptr_null(parse_text("net.yaml", text, &errors));
	ck_assert_msg(strstr(errors, nonsense[_i].expected) != NULL, "%s", errors);
	ck_assert_uint_lt(strlen(errors), 50000);
	free(errors);
	free(text);
}
END_TEST

START_TEST(test_files_that_are_not_read)
{
	char *errors, *folder = make_folder(), *pipe = text_of("%s/pipe.yaml", folder),
	              *large = text_of("%s/large.yaml", folder);
	char *expected = text_of("%s: cannot read the manifest: it is a pipe or a device, not a file\n"
	                         "%s: cannot read the manifest: it is larger than 1 MiB, which no manifest is\n",
	                         pipe, large);
	size_t size;
	FILE *stream = open_memstream(&errors, &size);

	ck_assert_int_eq(mkfifo(pipe, 0600), 0);
	close(open(large, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	ck_assert_int_eq(truncate(large, (1 << 20) + 1), 0);
	ck_assert_ptr_null(hg_manifest_read(pipe, stream));
	ck_assert_ptr_null(hg_manifest_read(large, stream));
	fclose(stream);
	ck_assert_str_eq(errors, expected);
	free(expected);
	free(errors);
	free(large);
	free(pipe);
	remove_folder(folder);
}
END_TEST

START_TEST(test_missing_file)
{
	char *errors;
	size_t size;
	FILE *stream = open_memstream(&errors, &size);

	ck_assert_ptr_null(hg_manifest_read("/nowhere/net.yaml", stream));
	ck_assert_ptr_null(hg_manifest_read("/", stream));
	ck_assert_ptr_null(hg_manifest_read("/dev/zero", stream));
	fclose(stream);
	ck_assert_str_eq(errors, "/nowhere/net.yaml: cannot read the manifest: No such file or directory\n"
	                         "/: cannot read the manifest: Is a directory\n"
	                         "/dev/zero: cannot read the manifest: it is a pipe or a device, not a file\n");
	free(errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manifest mistakes");
	TCase *tests = tcase_create("mistakes");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, test_mistake, 0, sizeof(cases) / sizeof(*cases));
	tcase_add_test(tests, test_self_reference);
	tcase_add_test(tests, test_damaged);
	tcase_add_loop_test(tests, test_megabytes_of_nonsense, 0, sizeof(nonsense) / sizeof(*nonsense));
	tcase_add_test(tests, test_missing_file);
	tcase_add_test(tests, test_files_that_are_not_read);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
