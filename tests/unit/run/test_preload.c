/* What goes into LD_PRELOAD, and what must not. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../manifest/support.h"
#include "run/preload.h"
#include "said.h"

static const char *said;

static char *list_of(const char *const *names, size_t count)
{
	said_begin();
	char *list = hg_preload_list("run", names, count);
	said = said_end();
	return said_kept(list);
}
#define LIST(...)                                                                                                      \
	list_of((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

#define FUNCTION(name) "handleguard: 1\nlibrary: l\nclasses: {c: }\nfunctions: {" name ": {op: {c: 0}}}\n"

static char *object(const char *name, const char *function)
{
	char *text = said_kept(text_of(FUNCTION("%s"), function));
	return said_kept(build_object(said_folder(), name, text));
}

START_TEST(objects_stand_before_what_is_there_already)
{
	char *one = object("one", "f"), *other = object("other", "g");
	unsetenv("LD_PRELOAD");
	char *list = LIST(one), *expected = said_kept(text_of("%s:%s:/lib/mine.so", one, other));
	ck_assert_str_eq(list, one);
	setenv("LD_PRELOAD", "/lib/mine.so", 1);
	ck_assert_str_eq(LIST(one, other), expected);
	ck_assert_str_eq(said, "");
	unsetenv("LD_PRELOAD");
}
END_TEST

START_TEST(a_function_is_said_in_one_manifest_only)
{
	char *one = object("one", "f"), *other = object("other", "f");
	ck_assert_ptr_null(LIST(one, other));
	ck_assert_has(said, "both name the function f; say it in one manifest only");
}
END_TEST

START_TEST(what_is_no_preload_object_is_refused)
{
	char *text = said_kept(text_of("%s/text.so", said_folder()));
	FILE *file = fopen(text, "w");
	fputs("no object", file);
	fclose(file);
	ck_assert_ptr_null(LIST(text));
	ck_assert_has(said, "is not a preload object");
	ck_assert_ptr_null(LIST("/none/there.so"));
	ck_assert_has(said, "cannot be read: No such file or directory");
}
END_TEST

/* The loader takes both as the end of a name. */
START_TEST(a_path_with_a_space_cannot_be_preloaded)
{
	char *folder = said_kept(text_of("%s/two words", said_folder()));
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	char *path = said_kept(build_object(folder, "one", FUNCTION("f")));
	ck_assert_ptr_null(LIST(path));
	ck_assert_has(said, "cannot be preloaded, for its path has a space or a colon; move it");
}
END_TEST

/* It would keep every program from starting. */
START_TEST(an_object_without_its_runtime_is_refused)
{
	char *path = said_kept(build_object_for("/none/there", said_folder(), "one", FUNCTION("f")));
	ck_assert_ptr_null(LIST(path));
	ck_assert_has(said, "does not find its runtime");
}
END_TEST

START_TEST(without_a_manifest_there_is_nothing_to_guard)
{
	said_begin();
	ck_assert_ptr_null(hg_preload_list("run", NULL, 0));
	ck_assert_has(said_end(), "run: no manifest was given; say what to guard with -m");
}
END_TEST

int main(void)
{
	return SAID_SUITE("run: preload", objects_stand_before_what_is_there_already,
	                  a_function_is_said_in_one_manifest_only, what_is_no_preload_object_is_refused,
	                  a_path_with_a_space_cannot_be_preloaded, an_object_without_its_runtime_is_refused,
	                  without_a_manifest_there_is_nothing_to_guard);
}
