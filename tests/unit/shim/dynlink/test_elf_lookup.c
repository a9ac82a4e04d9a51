/* Looking a name up in all loaded objects. */
#include <string.h>

#include "dynlink/elf_lookup.h"
#include "harness.h"
#include "loaded.h"

static bool any(const struct hg_definition *object, const void *unused)
{
	(void)object, (void)unused;
	return true;
}

static bool is_named(const struct hg_definition *object, const void *name)
{
	return object->soname && strcmp(object->soname, name) == 0;
}

START_TEST(definitions_of_all_objects_are_counted_and_the_first_is_told)
{
	struct hg_definition found;
	ck_assert_uint_eq(hg_elf_find("thing_which", any, NULL, &found), 0);
	void *first = load("libthing_1.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_uint_eq(hg_elf_find("thing_which", any, NULL, &found), 1);
	load("libthing_2.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_uint_eq(hg_elf_find("thing_which", any, NULL, &found), 2);
	ck_assert_ptr_eq(found.address, symbol_in(first, "thing_which"));
	ck_assert_str_eq(found.soname, "libthing_1.so");
	ck_assert(found.low <= (uintptr_t)found.address && (uintptr_t)found.address < found.high);
}
END_TEST

START_TEST(objects_that_are_not_accepted_do_not_count)
{
	struct hg_definition found;
	load("libthing_1.so", RTLD_NOW | RTLD_LOCAL);
	void *second = load("libthing_2.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_uint_eq(hg_elf_find("thing_which", is_named, "libthing_2.so", &found), 1);
	ck_assert_ptr_eq(found.address, symbol_in(second, "thing_which"));
}
END_TEST

START_TEST(both_versions_of_a_name_count)
{
	struct hg_definition found;
	load("libversions.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_uint_eq(hg_elf_find("pick", any, NULL, &found), 2);
}
END_TEST

START_TEST(an_address_belongs_to_the_object_that_it_lies_in)
{
	struct hg_definition found;
	int on_stack;
	ck_assert(hg_elf_object(symbol_in(load("libthing_2.so", RTLD_NOW), "thing_twice"), &found));
	ck_assert_str_eq(found.soname, "libthing_2.so");
	ck_assert(hg_elf_object((const void *)(uintptr_t)any, &found));
	ck_assert_str_eq(found.library, "");
	ck_assert(!hg_elf_object(&on_stack, &found));
}
END_TEST

static void check_numbers(const struct hg_objects *objects, void *handle)
{
	unsigned number = number_of(objects, handle);
	ck_assert_uint_lt(number, objects->count);
	ck_assert_uint_eq(hg_objects_at(objects, symbol_in(handle, "thing_which")), number);
	ck_assert_uint_eq(hg_objects_at(objects, &number), HG_OBJECTS_MOST);
	ck_assert_uint_eq(hg_objects_with(objects, &number), HG_OBJECTS_MOST);
	ck_assert_str_eq(objects->list[0].path, ""); /* the program comes first */
}

START_TEST(objects_go_by_their_numbers_while_they_are_held)
{
	load("libthing_1.so", RTLD_NOW);
	with_objects(check_numbers, load("libthing_2.so", RTLD_NOW));
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: look-up", definitions_of_all_objects_are_counted_and_the_first_is_told,
	                 objects_that_are_not_accepted_do_not_count, both_versions_of_a_name_count,
	                 an_address_belongs_to_the_object_that_it_lies_in,
	                 objects_go_by_their_numbers_while_they_are_held);
}
