/* Everything that lint warns of, with the exact words; and beside each what is one step wiser and must stay silent. */
#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "manifest/lint/lint.h"
#include "support.h"

/* Lines 1 to 4; functions begin on line 6. A class that nothing is to be said of, and what it takes for that. */
#define MANIFEST(class, functions)                                                                                     \
	"handleguard: 1\n"                                                                                             \
	"library: libnet.so.0\n"                                                                                       \
	"classes:\n"                                                                                                   \
	"  stream: {" class "}\n"                                                                                      \
	                    "functions:\n" functions "  net_open: {create: stream}\n"                                  \
	                    "  net_close: {free: {stream: 0}, returns: void}\n"
#define FUNCTION(body)    MANIFEST("", "  net_do: " body "\n")
#define REJECTING(body)   MANIFEST("reject: -1", "  net_do: " body "\n")
#define RECEIVE(body)     MANIFEST("reject: -1", "  net_recv: " body "\n")
#define CLASS(text, rest) "handleguard: 1\nlibrary: libnet.so.0\nclasses:\n  " text "\nfunctions:\n" rest
#define AT                "net.yaml:6:3: warning: "
#define BECAUSE           ", because no 'reject' says otherwise, "
#define BY_CLASS          ", because its class says so, "
#define SUCCESS           "and most callers take that for a success; " MISLEADS
#define COUNT             "and most callers take that for a count; " MISLEADS
#define MISLEADS                                                                                                       \
	"give an error of the library as its 'reject', or 'reject: 0' at the function if 0 cannot mislead "            \
	"[reject-is-success]\n"
#define FREED                                                                                                          \
	"and 'freed' holds of that; give another 'reject', or 'reject: 0' at the function if a repeated free may be "  \
	"told that it took place [reject-is-freed]\n"
#define HANDLE                                                                                                         \
	"and its callers take that for a new handle; give a 'reject' of which 'when' does not hold, or which the "     \
	"class has under 'none' [reject-is-handle]\n"
#define LATE(value) "net_do returns " value " to a call that comes too late"
#define ASKED                                                                                                          \
	" seems to wait for something, but nothing says what it returns when its time is up, which a closed handle "   \
	"must not look like; give 'timeout' with that value, 'timeout: never', or a 'reject' of its own "              \
	"[timeout-unknown]\n"
#define SPINS                                                                                                          \
	"and after a time-out too, so that a caller that polls would poll a closed handle for ever; give another "     \
	"value, or another errno [reject-is-timeout]\n"
#define WAKER                                                                                                          \
	"net_do parks, but no op of class 'stream' may come while a free waits, so that a free waits for it until "    \
	"the deadline; write 'while_freeing: allow' at the op that wakes it, 'wake' at the class if the guard is to "  \
	"call it, or 'drain: defer' there [no-waker]\n"
#define WAKES_NOTHING                                                                                                  \
	"class 'stream' says what wakes its ops, but none of them parks, so that none is ever woken; write 'parks: "   \
	"true' at those that block until something wakes them [wake-unused]\n"
#define NO_CREATE                                                                                                      \
	"class 'stream' is created by no function, so that a new handle which has the value of a freed one is taken "  \
	"for that one: calls of correct programs are turned away; write 'create' at the function that makes such "     \
	"handles, or 'creates: some' if it cannot be seen [class-not-created]\n"
#define NO_FREE                                                                                                        \
	" is freed by no function, so that no race is seen; write 'free' at the function that ends such handles, or "  \
	"'children: end' at the free of the parent that they end with [class-not-freed]\n"
#define DEADLINE                                                                                                       \
	"class 'stream' has a deadline of 0, so that a free that meets an op is turned away at once; give "            \
	"'deadline_ms' longer than the longest op takes, or 'drain: defer' [deadline-zero]\n"
#define FAMILY(children, more)                                                                                         \
	CLASS("stream: {reject: -1}\n  node: {reject: -1}",                                                            \
	      "  net_open: {create: stream}\n  net_close: {free: {stream: 0}, returns: void, children: " children      \
	      "}\n"                                                                                                    \
	      "  net_add: {create: node, parent: {stream: 0}}\n" more)

#define TIED(children, tie)                                                                                            \
	CLASS("easy: {reject: -1}\n  list: {reject: -1}",                                                              \
	      "  net_open: {create: easy}\n  net_close: {free: {easy: 0}, returns: void" children "}\n"                \
	      "  net_list: {create: list}\n  net_drop: {free: {list: 0}, returns: void}\n  net_tie: {" tie "}\n")

/* A class that is counted, and from which others are made. */
#define COUNTED(children)                                                                                              \
	CLASS("conn: {reject: -1, shared: acquire}\n  node: {reject: -1}",                                             \
	      "  net_drop: {release: {conn: 0}, returns: void" children "}\n  net_open: {create: conn}\n"              \
	      "  net_add: {create: node, parent: {conn: 0}, reject: null}\n  net_end: {free: {node: 0}, returns: "     \
	      "void}\n")

static const struct {
	const char *text;
	const char *warnings;
} cases[] = {
    /* reject values that are successes */
    {FUNCTION("{op: {stream: 0}}"), AT LATE("0") BECAUSE SUCCESS},
    {FUNCTION("{op: {stream: 0}, returns: int64}"), AT LATE("0") BECAUSE COUNT},
    {FUNCTION("{op: {stream: 0}, returns: int64, reject: 0}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: uint32}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: pointer}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: void}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: double}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: struct}"), ""},
    {REJECTING("{op: {stream: 0}, returns: long}"), ""},
    {MANIFEST("reject: null", "  net_do: {op: {stream: 0}}\n"), AT LATE("0") BECAUSE SUCCESS},
    {MANIFEST("reject: {errno: EPIPE}", "  net_do: {op: {stream: 0}}\n"), AT LATE("0") BECAUSE SUCCESS},
    /* a 0 that was said for the class, and fits what returns no error code of its own */
    {MANIFEST("reject: 0", "  net_do: {op: {stream: 0}}\n"), AT LATE("0") BY_CLASS SUCCESS},
    {MANIFEST("reject: {value: 0, errno: EPIPE}", "  net_do: {op: {stream: 0}}\n"), AT LATE("0") BY_CLASS SUCCESS},
    {MANIFEST("reject: 0", "  net_do: {op: {stream: 0}, reject: 0}\n"), ""},
    {MANIFEST("reject: 0", "  net_do: {op: {stream: 0}, reject: -1}\n"), ""},
    {MANIFEST("reject: 0", "  net_do: {op: {stream: 0}, returns: uint32}\n"), ""},
    {MANIFEST("reject: 0", "  net_do: {op: {stream: 0}, returns: pointer}\n"), ""},
    {MANIFEST("reject: 0", "  net_do: {op: {stream: 0}, returns: int64}\n"), ""},
    {MANIFEST("reject: 0", "  net_do: {op: {stream: 0}, returns: void}\n"), ""},
    {MANIFEST("reject: 0", "  net_do: {free: {stream: 0}, freed: \"== 0\"}\n"),
     AT "net_do returns 0 to a repeated free" BY_CLASS FREED},
    {MANIFEST("reject: 0",
              "  net_do: {op: {stream: 0}}\n  net_end: {free: {stream: 0}, freed: \"== 1\", deferred: 1}\n"),
     ""},
    {FUNCTION("{free: {stream: 0}}"), ""},
    {FUNCTION("{free: {stream: 0}, freed: \"== 0\"}"), AT "net_do returns 0 to a repeated free" BECAUSE FREED},
    {FUNCTION("{free: {stream: 0}, freed: \"== 0\", reject: 0}"), ""},
    {REJECTING("{free: {stream: 0}, freed: \"== 0\"}"), ""},
    {FUNCTION("{free: {stream: 0}, freed: \"> 0\", deferred: 1}"), ""},
    /* and for a create, handles */
    {REJECTING("{op: {stream: 0}, create: stream, from: \"*1\", when: \"== 0\", zero: [{arg: 1, bytes: 8}]}"), ""},
    {FUNCTION("{op: {stream: 0}, create: stream, from: \"*1\", when: \"== 0\", zero: [{arg: 1, bytes: 8}]}"),
     AT LATE("0") BECAUSE HANDLE},
    {FUNCTION("{op: {stream: 0}, create: stream, from: \"*1\", when: \"== 0\", reject: 0, zero: [{arg: 1, bytes: 8}]}"),
     ""},
    {REJECTING(
         "{op: {stream: 0}, create: stream, from: \"*1\", when: \"<= 5\", reject: 5, zero: [{arg: 1, bytes: 8}]}"),
     "net.yaml:6:79: warning: " LATE("5") ", " HANDLE},
    {REJECTING("{op: {stream: 0}, create: stream, from: \"*1\", when: \"!= 5\", zero: [{arg: 1, bytes: 8}]}"),
     AT LATE("-1") BY_CLASS HANDLE},
    {FUNCTION("{op: {stream: 0}, create: stream}"), ""},
    {FUNCTION("{op: {stream: 0}, create: stream, reject: 16}"), "net.yaml:6:53: warning: " LATE("0x10") ", " HANDLE},
    {FUNCTION("{op: {stream: 0}, create: stream, reject: {text: none}}"),
     "net.yaml:6:53: warning: " LATE("a text") ", " HANDLE},
    {FUNCTION("{op: {stream: 0}, create: stream, when: \"!= null\"}"), ""},
    /* time-outs */
    {RECEIVE("{op: {stream: 0}}"), AT "net_recv" ASKED},
    {RECEIVE("{op: {stream: 0}, reject: -2}"), ""},
    {RECEIVE("{op: {stream: 0}, timeout: never}"), ""},
    {RECEIVE("{op: {stream: 0}, timeout: 0}"), ""},
    {RECEIVE("{op: {stream: 0}, returns: void}"), ""},
    {RECEIVE("{op: {stream: 0}, timeout: -1}"), AT "net_recv returns -1 to a call that comes too late" BY_CLASS SPINS},
    {RECEIVE("{op: {stream: 0}, reject: -1, timeout: -1}"),
     "net.yaml:6:39: warning: net_recv returns -1 to a call that comes too late, " SPINS},
    {RECEIVE("{op: {stream: 0}, timeout: {value: -1, errno: EAGAIN}}"),
     AT "net_recv returns -1 to a call that comes too late" BY_CLASS SPINS},
    {MANIFEST("reject: {value: -1, errno: EPIPE}",
              "  net_recv: {op: {stream: 0}, timeout: {value: -1, errno: EAGAIN}}\n"),
     ""},
    {FUNCTION("{op: {stream: 0}, returns: pointer, reject: null, timeout: null}"),
     "net.yaml:6:55: warning: " LATE("null") ", " SPINS},
    {FUNCTION("{op: {stream: 0}, returns: double, reject: -1.5, timeout: -1.5}"),
     "net.yaml:6:54: warning: " LATE("-1.5") ", " SPINS},
    {FUNCTION("{op: {stream: 0}, returns: uint64, reject: 0xffffffffffffffff, timeout: 0xffffffffffffffff}"),
     "net.yaml:6:54: warning: " LATE("18446744073709551615") ", " SPINS},
    /* what parks */
    {REJECTING("{op: {stream: 0}, parks: true}"), AT WAKER},
    {MANIFEST("reject: -1, wake: {function: net_end}",
              "  net_do: {op: {stream: 0}, parks: true}\n  net_end: {op: {stream: 0}}\n"),
     ""},
    {MANIFEST("reject: -1, wake: {function: net_do}", "  net_do: {op: {stream: 0}}\n"),
     "net.yaml:4:3: warning: " WAKES_NOTHING},
    {REJECTING("{op: {stream: 0}, parks: false}"), ""},
    {REJECTING("{op: {stream: 0}, parks: true}\n  net_wake: {op: {stream: 0}, while_freeing: allow}"), ""},
    {MANIFEST("reject: -1, drain: defer", "  net_do: {op: {stream: 0}, parks: true}\n"), ""},
    {MANIFEST("reject: -1, drain: wait", "  net_do: {op: {stream: [0, 1]}, parks: true}\n"), AT WAKER},
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n  net_close: {free: {stream: 0}, ends: on_return}\n"
                                   "  net_do: {op: {stream: 0}, parks: true}\n"),
     ""},
    /* what would be left stale */
    {REJECTING("{op: {stream: 0}, create: stream, from: \"*1\", when: \"== 0\"}"),
     AT "net_do leaves an old handle in argument 1, where its callers look for a new one, when it is rejected; write "
        "'zero: [{arg: 1, bytes: 8}]' [stale-argument]\n"},
    {FUNCTION("{create: stream, from: \"*1\", when: \"== 0\"}"), ""},
    {REJECTING("{op: {stream: 0}, create: stream, from: {struct: 1, offset: 16}, when: \"== 0\"}"),
     AT "net_do leaves an old handle in argument 1, where its callers look for a new one, when it is rejected; write "
        "'zero: [{arg: 1, bytes: 24}]' [stale-argument]\n"},
    {REJECTING("{op: {stream: 0}, create: stream, from: {array: 1, count: {value: 2}, stride: 16}, when: \"== 0\"}"),
     AT "net_do leaves an old handle in argument 1, where its callers look for a new one, when it is rejected; write "
        "'zero: [{arg: 1, bytes: 32}]' [stale-argument]\n"},
    {REJECTING("{op: {stream: 0}, create: stream, from: {array: 1, count: 2}, when: \"== 0\"}"),
     AT "net_do leaves an old handle in argument 1, where its callers look for a new one, when it is rejected; write "
        "'zero: [{arg: 1, count: 2, size: 8}]' [stale-argument]\n"},
    {REJECTING("{op: {stream: 0}, create: stream, from: 1, when: \"== 0\"}"), ""},
    {REJECTING("{op: {stream: 0}, create: [{class: stream, from: \"*2\", when: \"== 0\", if: {1: 3}}]}"), ""},
    {REJECTING("{op: {stream: {array: 0, count: {value: 200}}}, stack_bytes: 0}"), ""},
    {FUNCTION("{op: {stream: 0}, sret: true}"),
     AT "net_do leaves what was there in the struct that it returns when it is rejected, because 'sret: true' does not "
        "say how large it is; give its size in bytes [stale-result]\n"},
    {FUNCTION("{op: {stream: 0}, sret: 24}"), ""},
    /* creates that fail, frees that are deferred, arguments that do not arrive */
    {CLASS("id: {type: int32, reject: -1}", "  net_open: {create: id}\n  net_close: {free: {id: 0}, returns: void}\n"),
     AT
     "net_open returns a number that is taken for a handle when it has failed too; write 'when' at it, or 'none: [-1]' "
     "(or whatever no handle is) at class 'id' [failure-is-handle]\n"},
    {CLASS("id: {type: int32, none: [-1]}", "  net_open: {create: id}\n  net_close: {free: {id: 0}, returns: void}\n"),
     ""},
    {CLASS("id: {type: int32}",
           "  net_open: {create: id, when: \">= 0\"}\n  net_close: {free: {id: 0}, returns: void}\n"),
     ""},
    {FUNCTION("{free: {stream: 0}, freed: \"== 1\", reject: -1}"),
     AT "net_do returns 0 when it is left to the last op, and 'freed' does not hold of that, though for its caller the "
        "handle "
        "has ended; give a 'deferred' of which it holds [deferred-is-failure]\n"},
    {FUNCTION("{free: {stream: 0}, freed: \"== 1\", reject: -1, deferred: 1}"), ""},
    {FUNCTION("{free: {stream: 0}, freed: \"!= 0\", create: stream}"), ""},
    {REJECTING("{op: {stream: 8}, stack_bytes: 0}"),
     AT "net_do would not get argument 8, which is on the stack (of x86-64), with 0 stack bytes handed on; give "
        "'stack_bytes' of at least 24 [stack-cut]\n"},
    {REJECTING("{op: {stream: 8}, stack_bytes: 24}"), ""},
    {REJECTING("{op: {stream: 5}, stack_bytes: 0}"), ""},
    {REJECTING("{op: {stream: 0}, zero: [{arg: 1, count: 9, size: 4}], stack_bytes: 24}"),
     AT "net_do would not get argument 9, which is on the stack (of x86-64), with 24 stack bytes handed on; give "
        "'stack_bytes' of at least 32 [stack-cut]\n"},
    /* classes */
    {CLASS("stream: {reject: -1, null: reject}",
           "  net_open: {create: stream}\n  net_do: {op: {stream: 0}, null: pass}\n"
           "  net_all: {op: {stream: {array: 0, count: 1}}}\n  net_close: {free: {stream: 0}}\n"),
     "net.yaml:4:3: warning: class 'stream' says 'null: reject', but no function is given its handles in a plain "
     "argument "
     "that it does not free or let pass; write 'null: reject' at the functions or arguments that are meant "
     "[null-unused]\n"},
    {CLASS("stream: {reject: -1, null: reject}",
           "  net_open: {create: stream}\n  net_do: {op: {stream: 0}}\n  net_close: {free: {stream: 0}}\n"),
     ""},
    {CLASS("stream: {reject: -1}", "  net_read_open: {create: stream}\n  net_close: {free: {stream: 0}}\n"), ""},
    {CLASS("stream: {reject: -1}", "  net_close: {free: {stream: 0}}\n"), "net.yaml:4:3: warning: " NO_CREATE},
    {CLASS("stream: {reject: {throw: java/lang/Error}}",
           "  net_open: {create: stream}\n  net_do: {op: {stream: 2}}\n  net_close: {free: {stream: 2}}\n"),
     ""},
    {CLASS("stream: {reject: -1, exclusive: report}", "  net_do: {op: {stream: {value: 1}}}\n"), ""},
    {CLASS("stream: {reject: -1}", "  net_do: {op: {stream: {value: 1}}}\n"),
     "net.yaml:4:3: warning: " NO_CREATE "net.yaml:4:3: warning: class 'stream'" NO_FREE},
    {CLASS("stream: {reject: -1, at_exit: ends}", "  net_open: {create: stream}\n"), ""},
    {CLASS("stream: {reject: -1, creates: some}", "  net_close: {free: {stream: 0}}\n"), ""},
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n"), "net.yaml:4:3: warning: class 'stream'" NO_FREE},
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n  net_run: {op: {stream: 0}, may_end: true}\n"), ""},
    {CLASS("stream: {reject: -1}", "  net_do: {op: {stream: 0}}\n"),
     "net.yaml:4:3: warning: " NO_CREATE "net.yaml:4:3: warning: class 'stream'" NO_FREE},
    {CLASS("{stream: , node: }", "  net_open: {create: stream}\n  net_close: {free: {stream: 0}}\n"),
     "net.yaml:4:14: warning: class 'node' is named by no function; leave it out [class-unused]\n"},
    {MANIFEST("deadline_ms: 0", ""), "net.yaml:4:25: warning: " DEADLINE},
    {MANIFEST("deadline_ms: 0, drain: defer", ""), ""},
    {MANIFEST("deadline_ms: 1", ""), ""},
    /* tables */
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n  net_close: {free: {stream: 0}}\n"
                                   "tables: {t: {from: net_api, entries: {net_open: 0}}}\n"),
     "net.yaml:8:10: warning: table 't' has what creates handles of class 'stream', but nothing that ends them: if the "
     "library's table does, such calls pass the guards by; name it in 'entries' [table-without-end]\n"},
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n  net_close: {free: {stream: 0}}\n"
                                   "tables: {t: {from: net_api, entries: {net_open: 0, net_close: 1}}}\n"),
     ""},
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n  net_run: {op: {stream: 0}, may_end: true}\n"
                                   "tables: {t: {from: net_api, entries: {net_open: 0}}}\n"),
     ""},
    /* children that end with their parent */
    {FAMILY("end", ""), ""},
    {FAMILY("orphan", ""), "net.yaml:5:3: warning: class 'node'" NO_FREE},
    {FAMILY("keep", ""), "net.yaml:5:3: warning: class 'node'" NO_FREE},
    {FAMILY("orphan", "  net_end: {free: {stream: 0}, returns: void, children: end}\n"), ""},
    /* children of what is counted */
    {COUNTED(""), "net.yaml:7:3: warning: net_drop does not say what dropping the last claim on a handle of class "
                  "'conn' means for the handles that were made from it, so that each use of one is taken for a "
                  "mistake; write 'children: keep' if these hold it too, or else 'children: end' or 'children: "
                  "orphan' [children-unsaid]\n"},
    {COUNTED(", children: keep"), ""},
    {COUNTED(", children: orphan"), ""},
    /* what is made from a handle, and ended all at once */
    {FAMILY("orphan", "  net_cut: {free: {node: all}, children_of: {stream: 0}, returns: void}\n"), ""},
    {FAMILY("orphan", "  net_cut: {free: {node: all}, children_of: {node: 0}, returns: void}\n"),
     "net.yaml:10:3: warning: net_cut ends handles of class 'node' that were made from one of class 'node', but no "
     "create "
     "says so of any, so that it ends none; write 'parent: {node: ARG}' at the function that makes them "
     "[children-of-none]\n"},
    /* what is attached */
    {TIED("", "attach: {list: 1, to: {easy: 0}}"),
     "net.yaml:11:3: warning: net_tie attaches handles of class 'list', and no function detaches them, so that ops on "
     "what "
     "one is attached to are turned away once it is freed; write 'detach' at the function that undoes it, or "
     "'detaches: true' at their free if that does [attached-for-ever]\n"},
    {TIED("", "attach: {list: 1, to: {easy: 0}}}\n  net_untie: {detach: {list: all, of: {easy: 0}}"), ""},
    {TIED("", "attach: {list: 1, to: {easy: 0}, place: 2}"), ""},
    {TIED("", "attach: {list: 1, to: {easy: 0}, place: 2}, when: \"== 0\", reject: 1"), ""},
    {CLASS("easy: {}\n  list: {reject: -1}",
           "  net_open: {create: easy}\n  net_close: {free: {easy: 0}, returns: void}\n"
           "  net_list: {create: list}\n  net_drop: {free: {list: 0}, returns: void}\n"
           "  net_tie: {op: {easy: 0}, attach: {list: 1, to: {easy: 0}, place: 2}, "
           "when: \"== 0\"}\n"),
     "net.yaml:11:3: warning: net_tie returns 0 to a call that comes too late, because no 'reject' says otherwise, and "
     "most "
     "callers take that for a success; give an error of the library as its 'reject', or 'reject: 0' at the function if "
     "0 "
     "cannot mislead [reject-is-success]\n"},
    {TIED(", children: keep", "attach: {list: 1, to: {easy: 0}, gives: true}"),
     "net.yaml:11:3: warning: net_tie gives handles of class 'list' to one of class 'easy', and no free of that class "
     "ends "
     "them; write 'children: {list: end}' at the one that does, or leave 'gives' out [given-not-ended]\n"},
    {TIED("", "attach: {list: 1, to: {easy: 0}, gives: true}"), ""},
    /* several, in the order of the file */
    {MANIFEST("deadline_ms: 0", "  net_do: {op: {stream: 0}, parks: true}\n"),
     "net.yaml:4:25: warning: " DEADLINE AT LATE("0") BECAUSE SUCCESS AT WAKER},
};

/* What lint says (to be freed) of a manifest that has no mistakes: one line each of as many as it says. */
__attribute__((format(printf, 1, 2))) static char *lint(const char *format, ...)
{
	char *text, *errors, *warnings;
	size_t size;
	va_list arguments;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&text, format, arguments), 0);
	va_end(arguments);
	struct hg_manifest *manifest = parse_text("net.yaml", text, &errors);
	ck_assert_str_eq(errors, "");
	FILE *output = open_memstream(&warnings, &size);
	size_t count = hg_manifest_lint(manifest, NULL, output);
	fclose(output);
	for (const char *line = warnings; *line; line = strchr(line, '\n') + 1)
		count--;
	ck_assert_uint_eq(count, 0);
	hg_manifest_free(manifest);
	free(errors);
	free(text);
	return warnings;
}

START_TEST(test_warning)
{
	char *warnings = lint("%s", cases[_i].text);

	ck_assert_str_eq(warnings, cases[_i].warnings);
	free(warnings);
}
END_TEST

/* All six signs, each holding of the reject value and not. */
START_TEST(test_every_condition)
{
	static const struct {
		const char *holds, *fails;
	} conditions[] = {{"== -1", "== 0"},  {"!= 0", "!= -1"}, {"< 0", "< -1"},
	                  {"<= -1", "<= -2"}, {"> -2", "> -1"},  {">= -1", ">= 0"}};

	for (size_t i = 0; i < 12; i++) {
		const char *condition = i < 6 ? conditions[i].holds : conditions[i - 6].fails;
		char *warnings =
		    lint(REJECTING("{op: {stream: 0}, create: stream, from: \"*1\", when: \"%s\", zero: [{arg: 1, "
		                   "bytes: 8}]}"),
		         condition);
		ck_assert_str_eq(warnings, i < 6 ? AT LATE("-1") BY_CLASS HANDLE : "");
		free(warnings);
	}
}
END_TEST

/* In the order of the file, whatever the order of finding, and as many as there are. */
START_TEST(test_many)
{
	static const char three[] = "  f%u: {op: {stream: 0}}\n  g%u: {op: {stream: 0}}\n  h%u: {op: {stream: 0}}\n";
	char *functions = text_of("%s", "");

	for (unsigned i = 0; i < 30; i += 3) {
		char *more = text_of("%s", functions), *next = text_of(three, i, i, i);
		free(functions);
		functions = text_of("%s%s", more, next);
		free(more);
		free(next);
	}
	char *warnings = lint(MANIFEST("", "%s"), functions);
	const char *at = warnings;
	for (unsigned line = 6; line < 36; line++) {
		char *expected = text_of("net.yaml:%u:3: warning: ", line);
		ck_assert_msg(at && strncmp(at, expected, strlen(expected)) == 0, "%s%s", expected, warnings);
		at = strchr(at, '\n') + 1;
		free(expected);
	}
	ck_assert_str_eq(at, "");
	free(warnings);
	free(functions);
}
END_TEST

static bool asks_for_timeout(const char *function)
{
	char *warnings = lint(MANIFEST("reject: -1", "  %s: {op: {stream: 0}}\n"), function);
	bool asked = strstr(warnings, ASKED) != NULL;

	free(warnings);
	return asked;
}

/* Which names are asked for a time-out. */
START_TEST(test_receives)
{
	static const char *const receives[] = {"net_recv", "recvmsg", "net_Receive_all", "netRecv2", "net_read",
	                                       "net_poll", "poll",    "netNext",         "wait_for", "net_stream_next",
	                                       NULL},
	                         *const others[] = {"net_thread", "net_spread", "await", "pollute", "net_waiter",
	                                            "readdir", "net_send", "irecv",
	                                            /* what is about a wait, and what hands out what is there */
	                                            "net_set_read_timeout", "net_get_read_timeout", "netSetWait",
	                                            "net_read_timeout", "net_recv_size", "SSL_get_read_ahead",
	                                            "net_receiver_name", "net_has_next", "net_setopt_poll", NULL};

	for (size_t i = 0; receives[i]; i++)
		ck_assert_msg(asks_for_timeout(receives[i]), "%s", receives[i]);
	for (size_t i = 0; others[i]; i++)
		ck_assert_msg(!asks_for_timeout(others[i]), "%s", others[i]);
}
END_TEST

/* What is silenced is neither printed nor counted; all else is. */
START_TEST(test_silenced)
{
	bool silenced[HG_LINT_RULES] = {[HG_LINT_DEADLINE_ZERO] = true};
	char *text = text_of("%s", MANIFEST("deadline_ms: 0", "  net_do: {op: {stream: 0}}\n")), *errors, *warnings;
	size_t size;
	struct hg_manifest *manifest = parse_text("net.yaml", text, &errors);
	FILE *output = open_memstream(&warnings, &size);

	ck_assert_uint_eq(hg_manifest_lint(manifest, silenced, output), 1);
	fclose(output);
	ck_assert_str_eq(warnings, AT LATE("0") BECAUSE SUCCESS);
	hg_manifest_free(manifest);
	free(warnings);
	free(errors);
	free(text);
}
END_TEST

/* Each warning is one whole sentence: something does something, and after it stands what to do, and the id. */
START_TEST(test_sentences)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *warnings = text_of("%s", cases[i].warnings);
		for (char *line = strtok(warnings, "\n"); line; line = strtok(NULL, "\n")) {
			ck_assert_msg(strstr(line, "; ") != NULL, "%s", line);
			ck_assert_msg(strchr(line, '[') && line[strlen(line) - 1] == ']', "%s", line);
			ck_assert_msg(!strstr(line, "found") && !strstr(line, "wiser"), "%s", line);
		}
		free(warnings);
	}
}
END_TEST

/* Every id is there to be met. */
START_TEST(test_every_id)
{
	char id[64];
	bool met = false;

	snprintf(id, sizeof(id), "[%s]\n", hg_lint_ids[_i]);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		met |= strstr(cases[i].warnings, id) != NULL;
	ck_assert_msg(met, "%s", id);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manifest lint");
	TCase *tests = tcase_create("lint");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests, test_warning, 0, sizeof(cases) / sizeof(*cases));
	tcase_add_test(tests, test_every_condition);
	tcase_add_test(tests, test_many);
	tcase_add_test(tests, test_receives);
	tcase_add_test(tests, test_silenced);
	tcase_add_test(tests, test_sentences);
	tcase_add_loop_test(tests, test_every_id, 0, HG_LINT_RULES);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
