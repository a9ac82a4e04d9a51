/* Manifest -> image: every field of the preload image is what the YAML says. */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/record.h"
#include "image.h"

START_TEST(test_header)
{
	make_image("handleguard: 1\nlibrary: [libnet.so.0, 'libnet-*.so*']\nclasses: {c: }\n"
	           "functions: {zz: {op: {c: 0}}, B: {op: {c: 0}}, a_: {op: {c: 0}}, a: {op: {c: 0}}}\n");
	ck_assert_uint_eq(image->magic, HG_IMAGE_MAGIC);
	ck_assert_uint_eq(image->version, HG_IMAGE_VERSION);
	ck_assert_uint_eq(image->machine, EM_X86_64);
	ck_assert_uint_eq(image->size, image->texts + image->text_size);
	ck_assert_str_eq(HG_IMAGE_TEXT(image, image->name), "net");
	ck_assert_str_eq(HG_IMAGE_TEXT(image, 0), "");
	ck_assert_uint_eq(image->library_count, 2);
	const uint32_t *libraries = HG_IMAGE_AT(image, image->libraries, const uint32_t);
	ck_assert_str_eq(HG_IMAGE_TEXT(image, libraries[0]), "libnet.so.0");
	ck_assert_str_eq(HG_IMAGE_TEXT(image, libraries[1]), "libnet-*.so*");
	ck_assert_uint_eq(image->next_call, 0);
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(image->runtime[i], 0);
}
END_TEST

START_TEST(test_slots_are_sorted_aligned_and_know_their_place)
{
	static const char *const sorted[] = {"B", "a", "a_", "zz"};

	make_image("handleguard: 1\nlibrary: l\nclasses: {c: }\n"
	           "functions: {zz: {op: {c: 0}}, B: {op: {c: 1}}, a_: {op: {c: 2}}, a: {op: {c: 3}}}\n");
	ck_assert_uint_eq(image->slot_count, 4);
	ck_assert_uint_eq(image->slots % 64, 0);
	for (uint32_t i = 0; i < 4; i++) {
		const struct hg_slot *at = HG_IMAGE_AT(image, image->slots, const struct hg_slot) + i;
		ck_assert_str_eq(HG_IMAGE_TEXT(image, at->name), sorted[i]);
		ck_assert_uint_eq(at->image, image->slots + i * sizeof(struct hg_slot));
		ck_assert_uint_eq(HG_IMAGE_AT(image, image->hashes, const uint32_t)[i], hg_name_hash(sorted[i]));
	}
	ck_assert_uint_eq(use("B", 0)->argument, 1);
	ck_assert_uint_eq(use("zz", 0)->argument, 0);
	ck_assert_uint_eq(use("a", 0)->argument, 3);
}
END_TEST

/* What the runtime fills in must be zero in the file: zero is "not started". */
START_TEST(test_runtime_fields_are_zero)
{
	make_image(MANIFEST("  f: {op: {node: 0}}\n"));
	ck_assert_ptr_null(slot("f")->entry);
	ck_assert_ptr_null(slot("f")->real);
	ck_assert_uint_eq(slot("f")->library_low, 0);
	ck_assert_uint_eq(slot("f")->library_size, 0);
	ck_assert_uint_eq(slot("f")->class_runtime, 0);
	ck_assert_uint_eq(slot("f")->counter, 0);
	ck_assert_uint_eq(slot("f")->symbol, 0);
	ck_assert_uint_eq(class(0)->runtime, 0);
}
END_TEST

START_TEST(test_class_defaults)
{
	make_image(MANIFEST("  f: {op: {node: 0}}\n"));
	ck_assert_uint_eq(image->class_count, 3);
	ck_assert_str_eq(HG_IMAGE_TEXT(image, class(0)->name), "node");
	ck_assert_uint_eq(class(0)->type, HG_TYPE_POINTER);
	ck_assert_uint_eq(class(0)->flags, 0);
	ck_assert_uint_eq(class(0)->drain, 0);
	ck_assert_int_eq(class(0)->deadline_ms, -1);
	ck_assert_uint_eq(class(0)->none_count, 1);
	ck_assert_int_eq(none(0, 0), 0);
	ck_assert_uint_eq(class(1)->type, HG_TYPE_I32);
	ck_assert_uint_eq(class(1)->none_count, 0);
	ck_assert_uint_eq(class(2)->type, HG_TYPE_U16);
}
END_TEST

START_TEST(test_class_fields)
{
	make_image("handleguard: 1\nlibrary: l\nclasses:\n"
	           "  a: {none: [0, -1, 0xffffffffffffffff], drain: wait, deadline_ms: 0, closed: true}\n"
	           "  b: {type: uint64, none: [7], drain: defer, after_deadline: leak,"
	           "      deadline_ms: 86400000, closed: false}\n"
	           "  c: {none: [], quarantine: true}\n"
	           "functions: {f: {op: {b: 0}}}\n");
	ck_assert_uint_eq(class(0)->none_count, 3);
	ck_assert_int_eq(none(0, 0), 0);
	ck_assert_int_eq(none(0, 1), -1);
	ck_assert_int_eq(none(0, 2), -1);
	ck_assert_uint_eq(class(0)->drain, HG_DRAIN_WAIT + 1);
	ck_assert_int_eq(class(0)->deadline_ms, 0);
	ck_assert_uint_eq(class(0)->flags, HG_CLASS_CLOSED);
	ck_assert_int_eq(none(1, 0), 7);
	ck_assert_uint_eq(class(1)->type, HG_TYPE_U64);
	ck_assert_uint_eq(class(1)->drain, HG_DRAIN_DEFER + 1);
	ck_assert_int_eq(class(1)->deadline_ms, 86400000);
	ck_assert_uint_eq(class(0)->after_deadline, 0);
	ck_assert_uint_eq(class(1)->after_deadline, HG_AFTER_DEADLINE_LEAK + 1);
	ck_assert_uint_eq(class(1)->flags, 0);
	ck_assert_uint_eq(class(2)->none_count, 0);
	ck_assert_uint_eq(class(2)->flags, HG_CLASS_QUARANTINE);
	ck_assert_uint_eq(image->none_count, 4);
	ck_assert_uint_eq(use("f", 0)->class_index, 1);
}
END_TEST

START_TEST(test_shared_classes)
{
	make_image("handleguard: 1\nlibrary: l\nclasses:\n"
	           "  a: {shared: create, holders: object, severing: pass, limit: 31, outlive: true}\n"
	           "  b: {shared: create, holders: call, severing: withhold, outlive: false}\n"
	           "  c: {shared: acquire}\n"
	           "  d: {limit: 1}\n"
	           "functions: {f: {op: {b: 0}}}\n");
	ck_assert_uint_eq(class(0)->flags, HG_CLASS_SHARED | HG_CLASS_JOINED | HG_CLASS_PER_OBJECT | HG_CLASS_SEVERING |
	                                       HG_CLASS_OUTLIVING);
	ck_assert_uint_eq(class(0)->limit, 31);
	ck_assert_uint_eq(class(1)->flags, HG_CLASS_SHARED | HG_CLASS_JOINED);
	ck_assert_uint_eq(class(1)->limit, 0);
	ck_assert_uint_eq(class(2)->flags, HG_CLASS_SHARED);
	ck_assert_uint_eq(class(3)->flags, 0);
	ck_assert_uint_eq(class(3)->limit, 1);
}
END_TEST

START_TEST(test_every_class_type)
{
	static const char *const words[] = {"pointer", "int8",   "int16",  "int32", "int64",
	                                    "uint8",   "uint16", "uint32", "uint64"};
	static const uint64_t masks[] = {UINT64_MAX, 0xff,   0xffff,     0xffffffff, UINT64_MAX,
	                                 0xff,       0xffff, 0xffffffff, UINT64_MAX};
	static const enum hg_type types[] = {HG_TYPE_POINTER, HG_TYPE_I8,  HG_TYPE_I16, HG_TYPE_I32, HG_TYPE_I64,
	                                     HG_TYPE_U8,      HG_TYPE_U16, HG_TYPE_U32, HG_TYPE_U64};
	char *text = text_of("handleguard: 1\nlibrary: l\nclasses: {c: {type: %s}}\n"
	                     "functions: {f: {op: {c: 0}}, g: {op: {c: \"*0\"}}, h: {create: c}}\n",
	                     words[_i]);

	make_image(text);
	ck_assert_uint_eq(class(0)->type, types[_i]);
	ck_assert_uint_eq(slot("f")->mask, masks[_i]);
	ck_assert_uint_eq(slot("g")->mask, UINT64_MAX); /* the argument is an address */
	ck_assert_uint_eq(slot("h")->mask, UINT64_MAX); /* no handle is given */
	ck_assert_uint_eq(slot("h")->returns, types[_i]);
	free(text);
}
END_TEST

START_TEST(test_every_condition)
{
	static const struct {
		const char *text, *returns;
		enum hg_test test;
		int64_t value;
	} conditions[] = {
	    {"== 0", "int", HG_TEST_EQ, 0},
	    {"!= -1", "long", HG_TEST_NE, -1},
	    {"< 0x10", "uint8", HG_TEST_LT, 16},
	    {"<= -128", "int8", HG_TEST_LE, -128},
	    {"> -32768", "int16", HG_TEST_GT, -32768},
	    {">= 0", "int64", HG_TEST_GE, 0},
	    {"==-EAGAIN", "int", HG_TEST_EQ, -EAGAIN},
	    {"!= EWOULDBLOCK", "int", HG_TEST_NE, EWOULDBLOCK},
	    {"!= null", "pointer", HG_TEST_NE, 0},
	    {"!= -1", "pointer", HG_TEST_NE, -1},
	    {"== 18446744073709551615", "uint64", HG_TEST_EQ, -1},
	};

	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++) {
		char *text = text_of(MANIFEST("  f: {free: {node: 0}, returns: %s, freed: \"%s\"}\n"),
		                     conditions[i].returns, conditions[i].text);
		make_image(text);
		ck_assert_uint_eq(slot("f")->freed.test, conditions[i].test);
		ck_assert_uint_eq(slot("f")->freed.type, slot("f")->returns);
		ck_assert_int_eq(slot("f")->freed.value, conditions[i].value);
		release_image();
		free(text);
	}
}
END_TEST

START_TEST(test_every_returns)
{
	static const struct {
		const char *word;
		enum hg_type type;
	} words[] = {{"void", HG_TYPE_VOID},       {"int8", HG_TYPE_I8},     {"int16", HG_TYPE_I16},
	             {"int32", HG_TYPE_I32},       {"int64", HG_TYPE_I64},   {"uint8", HG_TYPE_U8},
	             {"uint16", HG_TYPE_U16},      {"uint32", HG_TYPE_U32},  {"uint64", HG_TYPE_U64},
	             {"pointer", HG_TYPE_POINTER}, {"float", HG_TYPE_FLOAT}, {"double", HG_TYPE_DOUBLE},
	             {"struct", HG_TYPE_STRUCT},   {"int", HG_TYPE_I32},     {"long", HG_TYPE_I64}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char *text = text_of(MANIFEST("  f: {op: {node: 0}, returns: %s}\n"), words[i].word);
		make_image(text);
		ck_assert_uint_eq(slot("f")->returns, words[i].type);
		ck_assert_uint_eq(slot("f")->reject.type, words[i].type);
		ck_assert_uint_eq(slot("f")->reject.value, 0);
		ck_assert_int_eq(slot("f")->reject.error, 0);
		ck_assert_uint_eq(slot("f")->freed.test, HG_TEST_ALWAYS);
		release_image();
		free(text);
	}
}
END_TEST

START_TEST(test_implied_returns)
{
	make_image(MANIFEST("  f: {create: node}\n  g: {create: node, from: \"*0\"}\n  h: {free: {fd: 0}, create: fd}\n"
	                    "  i: {create: [{class: id, from: \"*1\"}, {class: node}]}\n"
	                    "  j: {op: {node: 0}, sret: true}\n"));
	ck_assert_uint_eq(slot("f")->returns, HG_TYPE_POINTER);
	ck_assert_uint_eq(slot("g")->returns, HG_TYPE_I32);
	ck_assert_uint_eq(slot("h")->returns, HG_TYPE_I32);
	ck_assert_uint_eq(slot("i")->returns, HG_TYPE_POINTER);
	ck_assert_uint_eq(slot("j")->returns, HG_TYPE_VOID);
}
END_TEST

static uint64_t bits_of(double real)
{
	uint64_t bits;
	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

static uint64_t bits_of_float(float real)
{
	uint32_t bits;
	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

START_TEST(test_every_reject)
{
	const struct {
		const char *returns, *reject;
		uint64_t value;
		int error;
	} rejects[] = {
	    {"int", "-32", (uint64_t)-32, 0},
	    {"int", "-EPIPE", (uint64_t)-EPIPE, 0},
	    {"int", "EPIPE", EPIPE, 0},
	    {"int", "+7", 7, 0},
	    {"int64", "0x10", 16, 0},
	    {"int8", "-1", UINT64_MAX, 0},
	    {"uint8", "255", 255, 0},
	    {"uint64", "0xffffffffffffffff", UINT64_MAX, 0},
	    {"pointer", "null", 0, 0},
	    {"pointer", "-1", UINT64_MAX, 0},
	    {"double", "-1.5", bits_of(-1.5), 0},
	    {"double", "3", bits_of(3), 0},
	    {"double", "-.inf", bits_of(-1.0 / 0.0), 0},
	    {"float", "0.25", bits_of_float(0.25f), 0},
	    {"void", "-1", 0, 0},
	    {"void", "{errno: EBADF}", 0, EBADF},
	    {"struct", "{errno: EBADF}", 0, EBADF},
	    {"int", "{value: -1, errno: EBADF}", UINT64_MAX, EBADF},
	    {"pointer", "{value: null, errno: ENOTSUP}", 0, ENOTSUP},
	    {"int", "{value: -EIO}", (uint64_t)-EIO, 0},
	};

	for (size_t i = 0; i < sizeof(rejects) / sizeof(*rejects); i++) {
		char *text = text_of(MANIFEST("  f: {op: {node: 0}, returns: %s, reject: %s}\n"), rejects[i].returns,
		                     rejects[i].reject);
		make_image(text);
		ck_assert_msg(slot("f")->reject.value == rejects[i].value, "%s: %s", rejects[i].returns,
		              rejects[i].reject);
		ck_assert_int_eq(slot("f")->reject.error, rejects[i].error);
		ck_assert_uint_eq(slot("f")->reject.type, slot("f")->returns);
		release_image();
		free(text);
	}
}
END_TEST

/* A class's reject is for its functions that say nothing and return something of the kind. */
START_TEST(test_reject_by_class)
{
	make_image("handleguard: 1\nlibrary: l\nclasses:\n"
	           "  a: {reject: {value: -5, errno: EBADF}}\n  b: {reject: 21}\n  p: {reject: null}\n"
	           "functions:\n"
	           "  own: {op: {a: 0}, reject: 0}\n"
	           "  integer: {op: {a: 0}}\n"
	           "  text: {op: {a: 0}, returns: pointer}\n"
	           "  nothing: {op: {a: 0}, returns: void}\n"
	           "  real: {op: {b: 0}, returns: double}\n"
	           "  first: {op: {b: 0, a: 1}}\n"
	           "  child: {create: a, from: '*1', parent: {b: 0}}\n"
	           "  number: {op: {p: 0}}\n"
	           "  lone: {create: a, from: '*1'}\n");
	ck_assert_uint_eq(slot("own")->reject.value, 0);
	ck_assert_int_eq(slot("own")->reject.error, 0);
	ck_assert_uint_eq(slot("integer")->reject.value, (uint64_t)-5);
	ck_assert_int_eq(slot("integer")->reject.error, EBADF);
	ck_assert_uint_eq(slot("text")->reject.value, 0); /* nobody may follow -5 */
	ck_assert_int_eq(slot("text")->reject.error, EBADF);
	ck_assert_int_eq(slot("nothing")->reject.error, 0);
	ck_assert_uint_eq(slot("real")->reject.value, 0);
	ck_assert_uint_eq(slot("first")->reject.value, 21);
	ck_assert_uint_eq(slot("child")->reject.value, 21);
	ck_assert_uint_eq(slot("number")->reject.value, 0);
	ck_assert_uint_eq(slot("lone")->reject.value, 0);
}
END_TEST

START_TEST(test_deferred_zero_and_stack)
{
	make_image(
	    MANIFEST("  f: {free: {node: 0}, deferred: -1, zero: [{arg: 1, bytes: 8}, {arg: 2, bytes: 65536}]}\n"
	             "  g: {free: {node: 0}, stack_bytes: 0}\n  h: {op: {node: 0}, stack_bytes: 65536, zero: []}\n"));
	ck_assert_uint_eq(slot("f")->deferred, UINT64_MAX);
	ck_assert_uint_eq(slot("f")->zero_count, 2);
	ck_assert_uint_eq(zero("f", 0)->argument, 1);
	ck_assert_uint_eq(zero("f", 0)->bytes, 8);
	ck_assert_uint_eq(zero("f", 1)->argument, 2);
	ck_assert_uint_eq(zero("f", 1)->bytes, 65536);
	ck_assert_uint_eq(slot("f")->stack_bytes, 64);
	ck_assert_uint_eq(slot("g")->deferred, 0);
	ck_assert_uint_eq(slot("g")->stack_bytes, 0);
	ck_assert_uint_eq(slot("h")->stack_bytes, 65536);
	ck_assert_uint_eq(slot("h")->zero_count, 0);
}
END_TEST

START_TEST(test_every_deferred)
{
	make_image(MANIFEST("  real: {free: {node: 0}, returns: double, deferred: -1.5}\n"
	                    "  narrow: {free: {node: 0}, returns: float, deferred: 0.25}\n"
	                    "  pointer: {free: {node: 0}, returns: pointer, deferred: null}\n"
	                    "  address: {free: {node: 0}, returns: pointer, deferred: 0x10}\n"
	                    "  number: {free: {node: 0}, returns: int64, deferred: -EINPROGRESS}\n"));
	ck_assert_uint_eq(slot("real")->deferred, bits_of(-1.5));
	ck_assert_uint_eq(slot("narrow")->deferred, bits_of_float(0.25f));
	ck_assert_uint_eq(slot("pointer")->deferred, 0);
	ck_assert_uint_eq(slot("address")->deferred, 16);
	ck_assert_uint_eq(slot("number")->deferred, (uint64_t)-EINPROGRESS);
}
END_TEST

START_TEST(test_default_stack_bytes)
{
	make_image("functions: {f: {op: {c: 0}}, g: {op: {c: 0}, stack_bytes: 8}}\nclasses: {c: }\n"
	           "defaults: {stack_bytes: 24}\nlibrary: l\nhandleguard: 1\n");
	ck_assert_uint_eq(slot("f")->stack_bytes, 24);
	ck_assert_uint_eq(slot("g")->stack_bytes, 8);
}
END_TEST

/* The hidden pointer is the first argument; the manifest does not count it. */
START_TEST(test_hidden_struct_pointer)
{
	make_image(MANIFEST("  f: {op: {node: 0}, sret: true, create: fd, from: \"*30\", parent: {node: 0}, "
	                    "zero: [{arg: 1, bytes: 4}]}\n"
	                    "  g: {op: {node: 0}, sret: false}\n"));
	ck_assert_uint_eq(use("f", 0)->argument, 1);
	ck_assert_uint_eq(make("f", 0)->place.argument, 31);
	ck_assert_uint_eq(make("f", 0)->parent_argument, 1);
	ck_assert_uint_eq(zero("f", 0)->argument, 2);
	ck_assert_uint_eq(use("g", 0)->argument, 0);
}
END_TEST

/* Counted arrays; and a result in memory, whose address is the hidden argument on one machine and none on the other. */
START_TEST(test_zero_arrays_and_results)
{
	static const char text[] = MANIFEST("  f: {op: {node: 0}, zero: [{arg: 1, count: 2, size: 65536}]}\n"
	                                    "  g: {op: {node: 0}, sret: 24, zero: [{arg: 1, count: 2, size: 8}]}\n");
	for (int arm = 0; arm < 2; arm++) {
		make_image_for(text, arm ? EM_AARCH64 : EM_X86_64);
		ck_assert_uint_eq(zero("f", 0)->argument, 1);
		ck_assert_uint_eq(zero("f", 0)->counted, 1);
		ck_assert_uint_eq(zero("f", 0)->count, 2);
		ck_assert_uint_eq(zero("f", 0)->bytes, 65536);
		ck_assert_uint_eq(slot("g")->zero_count, 2);
		ck_assert_uint_eq(zero("g", 0)->argument, arm ? 1 : 2);
		ck_assert_uint_eq(zero("g", 0)->count, arm ? 2 : 3);
		ck_assert_uint_eq(zero("g", 1)->argument, arm ? HG_ZERO_RESULT : 0);
		ck_assert_uint_eq(zero("g", 1)->counted, 0);
		ck_assert_uint_eq(zero("g", 1)->bytes, 24);
		release_image();
	}
}
END_TEST

/* Notes of where things stand are what later checks point at. */
START_TEST(test_marks)
{
	char *errors;
	struct hg_manifest *manifest = parse_text("x/y.z.yaml",
	                                          "handleguard: 1\nlibrary: l\nclasses:\n  c:\n    closed: true\n"
	                                          "functions:\n    f: {op: {c: 0}}\n",
	                                          &errors);

	ck_assert_str_eq(manifest->name, "y.z");
	ck_assert_str_eq(manifest->path, "x/y.z.yaml");
	ck_assert_uint_eq(manifest->classes[0].mark.line, 4);
	ck_assert_uint_eq(manifest->classes[0].mark.column, 3);
	ck_assert_uint_eq(manifest->functions[0].mark.line, 7);
	ck_assert_uint_eq(manifest->functions[0].mark.column, 5);
	hg_manifest_free(manifest);
	free(errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manifest image");
	TCase *tests = tcase_create("image");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, release_image);
	tcase_add_test(tests, test_header);
	tcase_add_test(tests, test_slots_are_sorted_aligned_and_know_their_place);
	tcase_add_test(tests, test_runtime_fields_are_zero);
	tcase_add_test(tests, test_class_defaults);
	tcase_add_test(tests, test_class_fields);
	tcase_add_test(tests, test_shared_classes);
	tcase_add_loop_test(tests, test_every_class_type, 0, 9);
	tcase_add_test(tests, test_every_condition);
	tcase_add_test(tests, test_every_returns);
	tcase_add_test(tests, test_implied_returns);
	tcase_add_test(tests, test_every_reject);
	tcase_add_test(tests, test_reject_by_class);
	tcase_add_test(tests, test_deferred_zero_and_stack);
	tcase_add_test(tests, test_default_stack_bytes);
	tcase_add_test(tests, test_hidden_struct_pointer);
	tcase_add_test(tests, test_zero_arrays_and_results);
	tcase_add_test(tests, test_every_deferred);
	tcase_add_test(tests, test_marks);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
