/* Everything that lint warns of, with the exact words; and beside each what is one step wiser and must stay silent. */
#define _GNU_SOURCE
#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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
#define DO                "net.yaml:6:3: warning: net_do: "
#define FREED             "another value, or 'reject: 0' if a repeated free may be told that it took place\n"
#define HANDLE            "wiser a value of which 'when' does not hold, or that the class has under 'none'\n"
#define MISLEADS          "wiser an error of the library, or 'reject: 0' if 0 cannot mislead\n"
#define ASKED                                                                                                          \
	"key 'timeout': found no such key, wiser it, with what the function returns after a time-out, or never; or "   \
	"a 'reject' of its own: a closed handle must not look like a time-out\n"
#define SPINS                                                                                                          \
	"key 'reject': found -1, as after a time-out, wiser another value, or another errno: who polls would poll a "  \
	"closed handle for ever\n"
#define WAKER                                                                                                          \
	"key 'parks': found no op of class 'stream' that may come while a free waits, wiser 'while_freeing: allow' "   \
	"at what wakes it, or 'drain: defer' at the class: else a free waits for it until the deadline\n"
#define NO_CREATE                                                                                                      \
	"key 'create': found it in no function, wiser it in the one that makes such handles: else no leak is seen, "   \
	"and no report says where a handle came from\n"
#define NO_FREE                                                                                                        \
	"key 'free': found it in no function, wiser it in the one that ends such handles: else no race is seen\n"
#define DEADLINE                                                                                                       \
	"key 'deadline_ms': found 0, wiser longer than the longest op, or 'drain: defer': a free that meets an op "    \
	"leaks the handle at once\n"

static const struct {
	const char *text;
	const char *warnings;
} cases[] = {
    /* reject values that are successes */
    {FUNCTION("{op: {stream: 0}}"),
     DO "key 'reject': found none, so that it is 0, which most callers take for a success, " MISLEADS},
    {FUNCTION("{op: {stream: 0}, returns: int64}"),
     DO "key 'reject': found none, so that it is 0, a valid count, " MISLEADS},
    {FUNCTION("{op: {stream: 0}, returns: int64, reject: 0}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: uint32}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: pointer}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: void}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: double}"), ""},
    {FUNCTION("{op: {stream: 0}, returns: struct}"), ""},
    {REJECTING("{op: {stream: 0}, returns: long}"), ""},
    {MANIFEST("reject: null", "  net_do: {op: {stream: 0}}\n"),
     DO "key 'reject': found none, so that it is 0, which most callers take for a success, " MISLEADS},
    {MANIFEST("reject: {errno: EPIPE}", "  net_do: {op: {stream: 0}}\n"),
     DO "key 'reject': found none, so that it is 0, which most callers take for a success, " MISLEADS},
    {FUNCTION("{free: {stream: 0}}"), ""},
    {FUNCTION("{free: {stream: 0}, freed: \"== 0\"}"),
     DO "key 'reject': found none, so that it is 0, of which 'freed' holds, wiser " FREED},
    {FUNCTION("{free: {stream: 0}, freed: \"== 0\", reject: 0}"), ""},
    {REJECTING("{free: {stream: 0}, freed: \"== 0\"}"), ""},
    {FUNCTION("{free: {stream: 0}, freed: \"> 0\", deferred: 1}"), ""},
    /* and for a create, handles */
    {REJECTING("{op: {stream: 0}, create: stream, from: \"*1\", when: \"== 0\", zero: [{arg: 1, bytes: 8}]}"), ""},
    {FUNCTION("{op: {stream: 0}, create: stream, from: \"*1\", when: \"== 0\", zero: [{arg: 1, bytes: 8}]}"),
     DO "key 'reject': found none, so that it is 0, which its callers take for a new handle, " HANDLE},
    {REJECTING(
         "{op: {stream: 0}, create: stream, from: \"*1\", when: \"<= 5\", reject: 5, zero: [{arg: 1, bytes: 8}]}"),
     "net.yaml:6:79: warning: net_do: key 'reject': found 5, which its callers take for a new handle, " HANDLE},
    {REJECTING("{op: {stream: 0}, create: stream, from: \"*1\", when: \"!= 5\", zero: [{arg: 1, bytes: 8}]}"),
     DO "key 'reject': found -1, which its callers take for a new handle, " HANDLE},
    {FUNCTION("{op: {stream: 0}, create: stream}"), ""},
    {FUNCTION("{op: {stream: 0}, create: stream, reject: 16}"),
     "net.yaml:6:53: warning: net_do: key 'reject': found 0x10, which its callers take for a new handle, " HANDLE},
    {FUNCTION("{op: {stream: 0}, create: stream, reject: {text: none}}"),
     "net.yaml:6:53: warning: net_do: key 'reject': found a text, which its callers take for a new handle, " HANDLE},
    {FUNCTION("{op: {stream: 0}, create: stream, when: \"!= null\"}"), ""},
    /* time-outs */
    {RECEIVE("{op: {stream: 0}}"), "net.yaml:6:3: warning: net_recv: " ASKED},
    {RECEIVE("{op: {stream: 0}, reject: -2}"), ""},
    {RECEIVE("{op: {stream: 0}, timeout: never}"), ""},
    {RECEIVE("{op: {stream: 0}, timeout: 0}"), ""},
    {RECEIVE("{op: {stream: 0}, returns: void}"), ""},
    {RECEIVE("{op: {stream: 0}, timeout: -1}"), "net.yaml:6:3: warning: net_recv: " SPINS},
    {RECEIVE("{op: {stream: 0}, reject: -1, timeout: -1}"), "net.yaml:6:39: warning: net_recv: " SPINS},
    {RECEIVE("{op: {stream: 0}, timeout: {value: -1, errno: EAGAIN}}"), "net.yaml:6:3: warning: net_recv: " SPINS},
    {MANIFEST("reject: {value: -1, errno: EPIPE}",
              "  net_recv: {op: {stream: 0}, timeout: {value: -1, errno: EAGAIN}}\n"),
     ""},
    {FUNCTION("{op: {stream: 0}, returns: pointer, reject: null, timeout: null}"),
     "net.yaml:6:55: warning: net_do: key 'reject': found null, as after a time-out, wiser another value, or another "
     "errno: who polls would poll a closed handle for ever\n"},
    {FUNCTION("{op: {stream: 0}, returns: double, reject: -1.5, timeout: -1.5}"),
     "net.yaml:6:54: warning: net_do: key 'reject': found -1.5, as after a time-out, wiser another value, or another "
     "errno: who polls would poll a closed handle for ever\n"},
    {FUNCTION("{op: {stream: 0}, returns: uint64, reject: 0xffffffffffffffff, timeout: 0xffffffffffffffff}"),
     "net.yaml:6:54: warning: net_do: key 'reject': found 18446744073709551615, as after a time-out, wiser another "
     "value, or another errno: who polls would poll a closed handle for ever\n"},
    /* what parks */
    {REJECTING("{op: {stream: 0}, parks: true}"), DO WAKER},
    {REJECTING("{op: {stream: 0}, parks: false}"), ""},
    {REJECTING("{op: {stream: 0}, parks: true}\n  net_wake: {op: {stream: 0}, while_freeing: allow}"), ""},
    {MANIFEST("reject: -1, drain: defer", "  net_do: {op: {stream: 0}, parks: true}\n"), ""},
    {MANIFEST("reject: -1, drain: wait", "  net_do: {op: {stream: [0, 1]}, parks: true}\n"), DO WAKER},
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n  net_close: {free: {stream: 0}, ends: on_return}\n"
                                   "  net_do: {op: {stream: 0}, parks: true}\n"),
     ""},
    /* what would be left stale */
    {REJECTING("{op: {stream: 0}, create: stream, from: \"*1\", when: \"== 0\"}"),
     DO "key 'zero': found nothing about argument 1, where a new handle is put, wiser {arg: 1, bytes: 8}: a late call "
        "would leave an old one there\n"},
    {FUNCTION("{create: stream, from: \"*1\", when: \"== 0\"}"), ""},
    {FUNCTION("{op: {stream: 0}, sret: true}"),
     DO "key 'sret': found true, wiser the size of the struct in bytes: a late call would leave what was there\n"},
    {FUNCTION("{op: {stream: 0}, sret: 24}"), ""},
    /* creates that fail, frees that are deferred, arguments that do not arrive */
    {CLASS("id: {type: int32, reject: -1}", "  net_open: {create: id}\n  net_close: {free: {id: 0}, returns: void}\n"),
     "net.yaml:6:3: warning: net_open: key 'when': found no such key, wiser it, or 'none: [-1]' (or whatever no handle "
     "is) at class 'id': what a failed call returns would be taken for a handle\n"},
    {CLASS("id: {type: int32, none: [-1]}", "  net_open: {create: id}\n  net_close: {free: {id: 0}, returns: void}\n"),
     ""},
    {CLASS("id: {type: int32}",
           "  net_open: {create: id, when: \">= 0\"}\n  net_close: {free: {id: 0}, returns: void}\n"),
     ""},
    {FUNCTION("{free: {stream: 0}, freed: \"== 1\", reject: -1}"),
     DO "key 'deferred': found 0, of which 'freed' does not hold, wiser a value of which it does: for the caller the "
        "handle has ended, though the last op frees it\n"},
    {FUNCTION("{free: {stream: 0}, freed: \"== 1\", reject: -1, deferred: 1}"), ""},
    {REJECTING("{op: {stream: 8}, stack_bytes: 0}"), DO "key 'stack_bytes': found 0, though argument 8 is on the stack "
                                                        "(x86-64), wiser at least 24: the function would not get "
                                                        "it\n"},
    {REJECTING("{op: {stream: 8}, stack_bytes: 24}"), ""},
    {REJECTING("{op: {stream: 5}, stack_bytes: 0}"), ""},
    {REJECTING("{op: {stream: 0}, zero: [{arg: 1, count: 9, size: 4}], stack_bytes: 24}"),
     DO "key 'stack_bytes': found 24, though argument 9 is on the stack (x86-64), wiser at least 32: the function "
        "would not get "
        "it\n"},
    /* classes */
    {CLASS("stream: {reject: -1}", "  net_close: {free: {stream: 0}}\n"), "net.yaml:4:3: warning: stream: " NO_CREATE},
    {CLASS("stream: {reject: -1}", "  net_open: {create: stream}\n"), "net.yaml:4:3: warning: stream: " NO_FREE},
    {CLASS("stream: {reject: -1}", "  net_do: {op: {stream: 0}}\n"),
     "net.yaml:4:3: warning: stream: " NO_CREATE "net.yaml:4:3: warning: stream: " NO_FREE},
    {CLASS("{stream: , node: }", "  net_open: {create: stream}\n  net_close: {free: {stream: 0}}\n"),
     "net.yaml:4:14: warning: node: key 'classes': found a class that no function names, wiser to leave it out\n"},
    {MANIFEST("deadline_ms: 0", ""), "net.yaml:4:25: warning: stream: " DEADLINE},
    {MANIFEST("deadline_ms: 0, drain: defer", ""), ""},
    {MANIFEST("deadline_ms: 1", ""), ""},
    /* several, in the order of the file */
    {MANIFEST("deadline_ms: 0", "  net_do: {op: {stream: 0}, parks: true}\n"),
     "net.yaml:4:25: warning: stream: " DEADLINE DO
     "key 'reject': found none, so that it is 0, which most callers take for a success, " MISLEADS DO WAKER},
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
	size_t count = hg_manifest_lint(manifest, output);
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
		ck_assert_str_eq(warnings,
		                 i < 6 ? DO "key 'reject': found -1, which its callers take for a new handle, " HANDLE
		                       : "");
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

/* Which names are asked for a time-out. */
START_TEST(test_receives)
{
	static const char *const receives[] = {"net_recv", "recvmsg", "net_Receive_all", "netRecv2", "net_read",
	                                       "net_poll", "poll",    "netNext",         "wait_for", "net_stream_next"},
	                         *const others[] = {"net_thread", "net_spread", "await",    "pollute",
	                                            "net_waiter", "readdir",    "net_send", "irecv"};

	for (size_t i = 0; i < 18; i++) {
		bool asked = i < 10;
		char *warnings =
		    lint(MANIFEST("reject: -1", "  %s: {op: {stream: 0}}\n"), asked ? receives[i] : others[i - 10]);
		ck_assert_msg((strstr(warnings, ASKED) != NULL) == asked, "%s", warnings);
		free(warnings);
	}
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
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
