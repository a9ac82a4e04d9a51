/* Manifest -> image: which handles a function is given, hands out and ends. */
#include <stdlib.h>

#include "format/record.h"
#include "image.h"

START_TEST(test_claims)
{
	make_image("handleguard: 1\nlibrary: l\nclasses: {s: {shared: acquire}, t: }\nfunctions:\n"
	           "  f: {create: s, floating: true}\n"
	           "  g: {create: [{class: s, floating: false}, {class: s, from: \"*0\", floating: true}]}\n"
	           "  h: {acquire: {s: 1}, returns: pointer}\n"
	           "  i: {acquire: {s: \"*0\"}, sink: true, op: {t: 1}}\n"
	           "  j: {release: {s: 0}, deferred: 7}\n");
	ck_assert_uint_eq(make("f", 0)->floating, 1);
	ck_assert_uint_eq(make("g", 0)->floating, 0);
	ck_assert_uint_eq(make("g", 1)->floating, 1);
	ck_assert_uint_eq(slot("h")->roles, HG_ROLE_ACQUIRE);
	ck_assert_uint_eq(use("h", 0)->frees, HG_USE_ACQUIRES);
	ck_assert_uint_eq(use("h", 0)->argument, 1);
	ck_assert_uint_eq(use("h", 0)->sinks, 0);
	ck_assert_uint_eq(slot("i")->roles, HG_ROLE_OP | HG_ROLE_ACQUIRE);
	ck_assert_uint_eq(use("i", 0)->frees, HG_USE_OP);
	ck_assert_uint_eq(use("i", 1)->frees, HG_USE_ACQUIRES);
	ck_assert_uint_eq(use("i", 1)->sinks, 1);
	ck_assert_uint_eq(use("i", 1)->indirect, 1);
	ck_assert_uint_eq(slot("j")->roles, HG_ROLE_RELEASE);
	ck_assert_uint_eq(use("j", 0)->frees, HG_USE_RELEASES);
	ck_assert_uint_eq(slot("j")->deferred, 7);
}
END_TEST

START_TEST(test_uses)
{
	make_image(MANIFEST("  f: {op: {node: 0, fd: [2, \"*3\"]}, while_freeing: allow}\n"
	                    "  g: {free: {id: 1}, op: {node: 0}}\n"
	                    "  h: {op: {node: 0}, free: {id: \"*31\"}}\n"
	                    "  i: {op: {node: 0}}\n"));
	ck_assert_uint_eq(slot("f")->use_count, 3);
	ck_assert_uint_eq(use("f", 0)->class_index, 0);
	ck_assert_uint_eq(use("f", 0)->argument, 0);
	ck_assert_uint_eq(use("f", 0)->indirect, 0);
	ck_assert_uint_eq(use("f", 0)->frees, 0);
	ck_assert_uint_eq(use("f", 0)->allowed_while_freeing, 1);
	ck_assert_uint_eq(use("f", 1)->class_index, 1);
	ck_assert_uint_eq(use("f", 1)->argument, 2);
	ck_assert_uint_eq(use("f", 1)->indirect, 0);
	ck_assert_uint_eq(use("f", 2)->argument, 3);
	ck_assert_uint_eq(use("f", 2)->indirect, 1);
	ck_assert_uint_eq(use("f", 2)->allowed_while_freeing, 1);
	ck_assert_uint_eq(slot("f")->roles, HG_ROLE_OP);
	/* as written: what stands first is first, and gives the slot its mask */
	ck_assert_uint_eq(use("g", 0)->frees, 1);
	ck_assert_uint_eq(use("g", 0)->argument, 1);
	ck_assert_uint_eq(use("g", 1)->frees, 0);
	ck_assert_uint_eq(slot("g")->mask, 0xffff);
	ck_assert_uint_eq(slot("g")->roles, HG_ROLE_OP | HG_ROLE_FREE);
	ck_assert_uint_eq(use("h", 0)->frees, 0);
	ck_assert_uint_eq(use("h", 1)->frees, 1);
	ck_assert_uint_eq(use("h", 1)->indirect, 1);
	ck_assert_uint_eq(use("h", 1)->argument, 31);
	ck_assert_uint_eq(use("i", 0)->allowed_while_freeing, 0);
	ck_assert_uint_eq(image->use_count, 8);
}
END_TEST

START_TEST(test_handles_in_structs_and_arrays)
{
	make_image(
	    MANIFEST("  f: {op: {node: {array: 1, count: 2, stride: 16, offset: 8}}, returns: void, sret: true}\n"
	             "  g: {op: {id: [{struct: 0, offset: 6}, {struct: 0}]}}\n"
	             "  h: {op: {id: {array: 0, count: 1}}}\n"));
	ck_assert_uint_eq(use("f", 0)->argument, 2);
	ck_assert_uint_eq(use("f", 0)->count, 3);
	ck_assert_uint_eq(use("f", 0)->stride, 16);
	ck_assert_uint_eq(use("f", 0)->offset, 8);
	ck_assert_uint_eq(use("f", 0)->indirect, HG_INDIRECT_STRUCT);
	ck_assert_uint_eq(use("g", 0)->offset, 6);
	ck_assert_uint_eq(use("g", 0)->stride, 0);
	ck_assert_uint_eq(use("g", 1)->offset, 0);
	ck_assert_uint_eq(use("g", 1)->indirect, HG_INDIRECT_STRUCT);
	ck_assert_uint_eq(use("h", 0)->stride, 2);
}
END_TEST

START_TEST(test_makes_in_place_in_structs_and_arrays)
{
	make_image(
	    MANIFEST("  f: {create: node, from: 1}\n"
	             "  g: {create: fd, from: 0, when: \">= 0\"}\n"
	             "  h: {create: id, from: {array: 1, count: {value: 2}}, returns: void, sret: true}\n"
	             "  i: {create: id, from: {array: 1, count: 3, stride: 8, offset: 4}, returns: void, sret: true}\n"
	             "  j: {create: [{class: id, from: {struct: 0, offset: 6}}, {class: id, from: {struct: 0}},\n"
	             "               {class: id, from: {arg: \"*2\", if: {1: 5}}}]}\n"
	             "  k: {free: {node: 1}, create: node, from: 1}\n"
	             "  l: {op: {id: {array: 1, count: {value: 255}}}, returns: void, sret: true}\n"));
	ck_assert_uint_eq(make("f", 0)->from_return, 0);
	ck_assert_uint_eq(make("f", 0)->place.argument, 1);
	ck_assert_uint_eq(make("f", 0)->place.indirect, HG_DIRECT);
	ck_assert_uint_eq(slot("f")->returns, HG_TYPE_I32);
	/* Memory of the caller's is what pointers lead to; a number is only chosen by it. */
	ck_assert_uint_eq(class(0)->flags & HG_CLASS_IN_PLACE, HG_CLASS_IN_PLACE);
	ck_assert_uint_eq(class(1)->flags & HG_CLASS_IN_PLACE, 0);
	ck_assert_uint_eq(class(2)->flags & HG_CLASS_IN_PLACE, 0);
	ck_assert_uint_eq(make("h", 0)->place.argument, 2);
	ck_assert_uint_eq(make("h", 0)->place.indirect, HG_INDIRECT_STRUCT);
	ck_assert_uint_eq(make("h", 0)->place.count, 2);
	ck_assert_uint_eq(make("h", 0)->place.fixed, 1);
	ck_assert_uint_eq(make("h", 0)->place.stride, 2);
	ck_assert_uint_eq(make("i", 0)->place.count, 4);
	ck_assert_uint_eq(make("i", 0)->place.fixed, 0);
	ck_assert_uint_eq(make("i", 0)->place.stride, 8);
	ck_assert_uint_eq(make("i", 0)->place.offset, 4);
	ck_assert_uint_eq(make("j", 0)->place.offset, 6);
	ck_assert_uint_eq(make("j", 1)->place.offset, 0);
	ck_assert_uint_eq(make("j", 2)->place.indirect, HG_INDIRECT);
	ck_assert_uint_eq(make("j", 2)->choice.argument, 2);
	ck_assert_int_eq(make("j", 2)->choice.value, 5);
	ck_assert_uint_eq(use("l", 0)->count, 255);
	ck_assert_uint_eq(use("l", 0)->fixed, 1);
}
END_TEST

START_TEST(test_free_that_ends_on_return)
{
	make_image(MANIFEST("  f: {free: {node: 0}, ends: on_return}\n  g: {free: {node: 0}}\n"));
	ck_assert_uint_eq(use("f", 0)->frees, HG_USE_ENDS_LATER);
	ck_assert_uint_eq(slot("f")->roles, HG_ROLE_FREE);
	ck_assert_uint_eq(use("g", 0)->frees, HG_USE_FREES);
}
END_TEST

START_TEST(test_makes)
{
	make_image(MANIFEST("  f: {create: node}\n"
	                    "  g: {op: {node: 0}, create: fd, from: \"*3\", when: \">= -1\", parent: {node: 0}}\n"
	                    "  h: {free: {node: 0}, create: [{class: id, from: \"*1\", when: \"== 0\"}, "
	                    "{class: node, from: \"*2\", parent: {fd: 4}}]}\n"
	                    "  i: {create: id, from: return, when: \"!= 0xffff\"}\n"));
	ck_assert_uint_eq(slot("f")->roles, HG_ROLE_CREATE);
	ck_assert_uint_eq(make("f", 0)->from_return, 1);
	ck_assert_uint_eq(make("f", 0)->class_index, 0);
	ck_assert_uint_eq(make("f", 0)->parent_class, HG_NONE);
	ck_assert_uint_eq(make("f", 0)->when.test, HG_TEST_ALWAYS);
	ck_assert_uint_eq(make("f", 0)->when.type, HG_TYPE_POINTER);
	ck_assert_uint_eq(slot("f")->use_count, 0);

	ck_assert_uint_eq(slot("g")->roles, HG_ROLE_CREATE | HG_ROLE_OP);
	ck_assert_uint_eq(make("g", 0)->from_return, 0);
	ck_assert_uint_eq(make("g", 0)->place.argument, 3);
	ck_assert_uint_eq(make("g", 0)->class_index, 1);
	ck_assert_uint_eq(make("g", 0)->when.test, HG_TEST_GE);
	ck_assert_uint_eq(make("g", 0)->when.type, HG_TYPE_I32);
	ck_assert_int_eq(make("g", 0)->when.value, -1);
	ck_assert_uint_eq(make("g", 0)->parent_class, 0);
	ck_assert_uint_eq(make("g", 0)->parent_argument, 0);

	/* What it makes a handle from is in use meanwhile. */
	ck_assert_uint_eq(slot("h")->roles, HG_ROLE_CREATE | HG_ROLE_FREE | HG_ROLE_OP);
	ck_assert_uint_eq(slot("h")->make_count, 2);
	ck_assert_uint_eq(make("h", 0)->class_index, 2);
	ck_assert_uint_eq(make("h", 0)->place.argument, 1);
	ck_assert_uint_eq(make("h", 0)->when.test, HG_TEST_EQ);
	ck_assert_uint_eq(make("h", 1)->class_index, 0);
	ck_assert_uint_eq(make("h", 1)->place.argument, 2);
	ck_assert_uint_eq(make("h", 1)->when.test, HG_TEST_ALWAYS);
	ck_assert_uint_eq(make("h", 1)->parent_class, 1);
	ck_assert_uint_eq(make("h", 1)->parent_argument, 4);

	ck_assert_uint_eq(slot("i")->returns, HG_TYPE_U16);
	ck_assert_uint_eq(make("i", 0)->when.test, HG_TEST_NE);
	ck_assert_uint_eq(make("i", 0)->when.type, HG_TYPE_U16);
	ck_assert_int_eq(make("i", 0)->when.value, 0xffff);
	ck_assert_uint_eq(image->make_count, 5);
}
END_TEST

START_TEST(test_choices)
{
	make_image(
	    MANIFEST("  f: {op: {node: {arg: 1, if: {0: 2}}, fd: {arg: \"*1\", if: {0: -3}}}}\n"
	             "  g: {free: {node: {arg: 1, if: {0: 1}}, fd: {arg: 1, if: {0: 2}}}}\n"
	             "  h: {create: [{class: node, from: \"*1\", if: {0: 1}}, {class: fd, from: \"*1\", if: {0: 2}}]}\n"
	             "  i: {op: {node: {arg: 1, if: {0: 2}}}, returns: void, sret: 24}\n"));
	ck_assert_uint_eq(use("f", 0)->choice.argument, 1);
	ck_assert_int_eq(use("f", 0)->choice.value, 2);
	ck_assert_uint_eq(use("f", 0)->argument, 1);
	ck_assert_uint_eq(use("f", 0)->indirect, HG_DIRECT);
	ck_assert_int_eq(use("f", 1)->choice.value, -3);
	ck_assert_uint_eq(use("f", 1)->indirect, HG_INDIRECT);
	ck_assert_uint_eq(slot("g")->use_count, 2);
	ck_assert_int_eq(use("g", 1)->choice.value, 2);
	ck_assert_uint_eq(make("h", 0)->choice.argument, 1);
	ck_assert_int_eq(make("h", 1)->choice.value, 2);
	/* the hidden pointer comes before all of them */
	ck_assert_uint_eq(use("i", 0)->choice.argument, 2);
	ck_assert_uint_eq(use("i", 0)->argument, 2);
}
END_TEST

START_TEST(test_what_becomes_of_children)
{
	make_image(MANIFEST("  f: {op: {node: 0}, create: fd, parent: {node: 0}, returns: int}\n"
	                    "  g: {free: {node: 0}}\n"
	                    "  h: {free: {node: 0}, children: orphan}\n"
	                    "  i: {free: {node: 0}, children: end}\n"
	                    "  j: {free: {node: 0}, children: refuse, freed: \"== 0\"}\n"
	                    "  k: {free: {node: 0}, children: keep}\n"));
	ck_assert_uint_eq(class(0)->flags, HG_CLASS_PARENT);
	ck_assert_uint_eq(class(1)->flags, HG_CLASS_CHILD);
	ck_assert_uint_eq(use("g", 0)->children, HG_CHILDREN_ORPHANED);
	ck_assert_uint_eq(use("h", 0)->children, HG_CHILDREN_ORPHANED);
	ck_assert_uint_eq(use("i", 0)->children, HG_CHILDREN_ENDED);
	ck_assert_uint_eq(use("j", 0)->children, HG_CHILDREN_REFUSED);
	ck_assert_uint_eq(use("k", 0)->children, HG_CHILDREN_KEPT);
}
END_TEST

START_TEST(test_the_end_of_a_class)
{
	make_image(MANIFEST("  f: {free: {node: all}}\n  g: {free: {fd: 0}}\n  h: {free: {id: all}, op: {fd: 0}}\n"));
	ck_assert_uint_eq(class(0)->flags, HG_CLASS_TORN_DOWN);
	ck_assert_uint_eq(class(1)->flags, 0);
	ck_assert_uint_eq(class(2)->flags, HG_CLASS_TORN_DOWN);
	ck_assert_uint_eq(use("f", 0)->all, 1);
	ck_assert_uint_eq(use("g", 0)->all, 0);
	ck_assert_uint_eq(slot("f")->roles, HG_ROLE_FREE);
	ck_assert_uint_eq(slot("h")->use_count, 2);
}
END_TEST

/* Each tie has a use of its own, in the order in which they are done, beside whatever else the call does with the
 * handle. */
START_TEST(test_a_handle_that_is_moved_or_attached_twice)
{
	make_image(MANIFEST("  f: {op: {fd: 1}, attach: {fd: 1, to: {node: 2}}, detach: {fd: 1, of: {node: 0}}}\n"
	                    "  g: {attach: [{fd: 1, to: {node: 0}}, {fd: 1, to: {node: 2}}]}\n"));
	ck_assert_uint_eq(slot("f")->use_count, 4);
	ck_assert_uint_eq(use("f", 0)->argument, 1);
	ck_assert_uint_eq(use("f", 0)->ways, HG_USE_DETACHES);
	ck_assert_uint_eq(use("f", use("f", 0)->partner - 1u)->argument, 0);
	ck_assert_uint_eq(use("f", 3)->argument, 1);
	ck_assert_uint_eq(use("f", 3)->ways, HG_USE_ATTACHES);
	ck_assert_uint_eq(use("f", use("f", 3)->partner - 1u)->argument, 2);
	ck_assert_uint_eq(slot("g")->use_count, 4);
	ck_assert_uint_eq(use("g", use("g", 1)->partner - 1u)->argument, 0);
	ck_assert_uint_eq(use("g", use("g", 3)->partner - 1u)->argument, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manifest roles");
	TCase *tests = tcase_create("roles");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, release_image);
	tcase_add_test(tests, test_claims);
	tcase_add_test(tests, test_uses);
	tcase_add_test(tests, test_handles_in_structs_and_arrays);
	tcase_add_test(tests, test_makes_in_place_in_structs_and_arrays);
	tcase_add_test(tests, test_free_that_ends_on_return);
	tcase_add_test(tests, test_makes);
	tcase_add_test(tests, test_choices);
	tcase_add_test(tests, test_what_becomes_of_children);
	tcase_add_test(tests, test_the_end_of_a_class);
	tcase_add_test(tests, test_a_handle_that_is_moved_or_attached_twice);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
