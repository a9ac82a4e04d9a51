/* One loaded object: what is found in its own tables is what the dynamic linker finds, of all names and versions. */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "loaded.h"

START_TEST(an_object_says_where_it_lies)
{
	void *handle = load("libversions.so", RTLD_NOW);
	struct hg_object object = object_of(handle);
	uintptr_t code = (uintptr_t)symbol_in(handle, "lone"), data = (uintptr_t)symbol_in(handle, "number");
	ck_assert_str_eq(object.file, "libversions.so");
	ck_assert_str_eq(object.soname, "libversions.so.4");
	ck_assert(object.low <= code && code < object.high);
	ck_assert(object.code_low <= code && code < object.code_high);
	ck_assert(!(object.data_low <= code && code < object.data_high));
	ck_assert(object.data_low <= data && data < object.data_high);
	ck_assert(object.relro_low >= object.data_low && object.relro_high <= object.data_high);
	ck_assert_ptr_nonnull(object.unwind_index);
}
END_TEST

static int called(const struct hg_object *object, const char *name, const char *version, bool newest)
{
	struct hg_wanted wanted = hg_wanted_name(name);
	wanted.version = version;
	wanted.newest = newest;
	const ElfW(Sym) *symbol = hg_object_find(object, &wanted);
	return symbol ? ((int (*)(void))hg_object_function(object, symbol))() : 0;
}

START_TEST(of_versions_the_one_is_found_that_was_asked_for)
{
	struct hg_object object = object_of(load("libversions.so", RTLD_NOW));
	ck_assert_int_eq(called(&object, "pick", "FIRST", false), 1);
	ck_assert_int_eq(called(&object, "pick", "SECOND", false), 2);
	ck_assert_int_eq(called(&object, "pick", "THIRD", false), 0);
	ck_assert_int_eq(called(&object, "pick", NULL, true), 2);
	ck_assert_int_eq(called(&object, "pick", NULL, false), 1);
}
END_TEST

START_TEST(a_hidden_version_is_found_by_its_name_alone)
{
	struct hg_object object = object_of(load("libversions.so", RTLD_NOW));
	ck_assert_int_eq(called(&object, "past", "FIRST", false), 4);
	ck_assert_int_eq(called(&object, "past", NULL, true), 0);
}
END_TEST

START_TEST(all_versions_are_found_one_after_the_other)
{
	struct hg_object object = object_of(load("libversions.so", RTLD_NOW));
	struct hg_wanted wanted = hg_wanted_name("pick");
	const ElfW(Sym) *symbol = NULL;
	unsigned count = 0;
	while ((symbol = hg_object_next(&object, &wanted, symbol)))
		count++;
	ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(a_function_that_another_one_chooses_is_what_was_chosen)
{
	void *handle = load("libversions.so", RTLD_NOW);
	struct hg_object object = object_of(handle);
	struct hg_wanted wanted = hg_wanted_name("chosen");
	const ElfW(Sym) *symbol = hg_object_find(&object, &wanted);
	ck_assert_int_eq(called(&object, "chosen", NULL, true), 6);
	ck_assert_ptr_eq(hg_object_function(&object, symbol), symbol_in(handle, "chosen"));
	ck_assert_ptr_ne(hg_object_function(&object, symbol), hg_object_address(&object, symbol));
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
	struct hg_object object = object_of(load("libversions.so", RTLD_NOW));
	ck_assert_int_eq(called(&object, "printf", NULL, true), 0); /* it may use it, and does not define it */
	for (int i = 0; i < 1000; i++) {
		char name[32];
		snprintf(name, sizeof name, "none_%d", i);
		struct hg_wanted wanted = hg_wanted_name(name);
		ck_assert_ptr_null(hg_object_find(&object, &wanted));
	}
}
END_TEST

/* --- beside the dynamic linker, over all that the C library has --- */

/* The names follow the symbols, as in all files that GNU's linker makes. */
static uint32_t symbol_count(const struct hg_object *object)
{
	return (uint32_t)(((uintptr_t)object->names - (uintptr_t)object->symbols) / sizeof *object->symbols);
}

static bool can_be_looked_up(const ElfW(Sym) * symbol)
{
	unsigned type = ELF64_ST_TYPE(symbol->st_info);
	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS && symbol->st_value &&
	       ELF64_ST_BIND(symbol->st_info) != STB_LOCAL && type != STT_TLS;
}

START_TEST(dlsym_and_dlvsym_find_the_same)
{
	void *handle = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
	struct hg_object object = object_of(handle);
	unsigned compared = 0;
	for (uint32_t i = 1; i < symbol_count(&object); i++) {
		if (!can_be_looked_up(&object.symbols[i]))
			continue;
		struct hg_wanted wanted = hg_wanted_name(object.names + object.symbols[i].st_name);
		wanted.version = hg_object_version_used(&object, i);
		ck_assert_ptr_nonnull(wanted.version);
		const ElfW(Sym) *found = hg_object_find(&object, &wanted);
		ck_assert_ptr_eq(found, &object.symbols[i]);
		ck_assert_ptr_eq(hg_object_function(&object, found), dlvsym(handle, wanted.name, wanted.version));
		wanted.version = NULL;
		wanted.newest = true;
		found = hg_object_find(&object, &wanted);
		ck_assert_ptr_eq(found ? hg_object_function(&object, found) : NULL, dlsym(handle, wanted.name));
		compared++;
	}
	ck_assert_uint_gt(compared, 2000);
}
END_TEST

START_TEST(a_user_names_the_version_that_it_was_linked_with)
{
	struct hg_object object = object_of(load("libversions_user.so", RTLD_LAZY));
	unsigned seen = 0;
	for (uint32_t i = 1; i < symbol_count(&object); i++)
		if (!strcmp(object.names + object.symbols[i].st_name, "pick")) {
			ck_assert_str_eq(hg_object_version_used(&object, i), "SECOND");
			seen++;
		}
	ck_assert_uint_eq(seen, 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: objects", an_object_says_where_it_lies, of_versions_the_one_is_found_that_was_asked_for,
	                 a_hidden_version_is_found_by_its_name_alone, all_versions_are_found_one_after_the_other,
	                 a_function_that_another_one_chooses_is_what_was_chosen, what_is_not_there_is_not_found,
	                 dlsym_and_dlvsym_find_the_same, a_user_names_the_version_that_it_was_linked_with);
}
