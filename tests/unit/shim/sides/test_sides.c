/* Whose the functions of an object are into which a library is linked: as the process finds out of what is loaded, and
 * the tools of the file. The objects' functions say by their names whose they are. */
#include <stdio.h>
#include <string.h>

#include "dynlink/file_symbols.h"
#include "harness.h"
#include "loaded.h"
#include "program/elf/elf_sides.h"
#include "sides/names.h"

static bool is_box(const char *name, const void *unused)
{
	(void)unused;
	return hg_share_first_word(name, "box_new");
}

static bool is_guarded(const char *name, const void *unused)
{
	(void)unused;
	return strcmp(name, "box_open") == 0 || strcmp(name, "box_close") == 0;
}

static _Alignas(16) char room[1 << 22];

static struct hg_sides sides_of(const char *name)
{
	struct hg_object object = object_of(load(name, RTLD_NOW));
	struct hg_file_symbols file;
	struct hg_sides sides;
	ck_assert(hg_file_symbols_open(&object, &file));
	struct hg_sides_question question = {
	    .symbols = file.symbols,
	    .exported_only = file.exported_only,
	    .code = {object.code_low - object.base, object.code_high - object.base, object.base, false},
	    .relocations = object.relocations[0].entries,
	    .relocation_count = hg_plain_relocations(&object),
	    .is_interface = is_box,
	    .is_guarded = is_guarded};
	memset(room, 0, sizeof room);
	ck_assert_uint_le(hg_sides_room(&question), sizeof room);
	hg_sides_find(&question, room, &sides);
	return sides;
}

static const struct hg_part *part_named(const struct hg_sides *sides, const char *name)
{
	for (size_t i = 0; i < sides->count; i++)
		if (strcmp(sides->parts[i].name, name) == 0)
			return &sides->parts[i];
	ck_abort_msg("%s is not among the parts", name);
	return NULL;
}

static enum hg_side truth_of(const char *name)
{
	bool marked = strncmp(name, "_cgo_", 5) == 0 || strncmp(name, "PyInit_", 7) == 0;
	if (marked || strstr(name, "_of_binding"))
		return HG_SIDE_BINDING;
	return strstr(name, "_of_library") || strncmp(name, "box_", 4) == 0 ? HG_SIDE_LIBRARY : HG_SIDE_UNDECIDED;
}

/* Every function is where its name says. */
static void check_truth(const struct hg_sides *sides)
{
	size_t known = 0;
	for (size_t i = 0; i < sides->count; i++) {
		const struct hg_part *part = &sides->parts[i];
		enum hg_side truth = truth_of(part->name);
		if (!(part->flags & HG_PART_CODE) || truth == HG_SIDE_UNDECIDED)
			continue;
		known++;
		ck_assert_msg(part->side == truth, "%s is %d, not %d", part->name, part->side, truth);
	}
	ck_assert_uint_ge(known, 8);
	ck_assert(hg_sides_are_two(sides));
}

START_TEST(units_are_the_librarys_that_its_interface_leads_to)
{
	struct hg_sides sides = sides_of("libsides_units.so");
	check_truth(&sides);
	ck_assert(!sides.approximate && !sides.all_marked);
}
END_TEST

START_TEST(what_cgo_has_marked_is_the_bindings_and_the_rest_is_not)
{
	struct hg_sides sides = sides_of("libsides_cgo.so");
	check_truth(&sides);
	ck_assert(sides.all_marked && !sides.approximate);
}
END_TEST

START_TEST(a_unit_with_both_is_looked_at_function_by_function)
{
	struct hg_sides sides = sides_of("libsides_one_unit.so");
	check_truth(&sides);
	ck_assert(sides.approximate);
	ck_assert(hg_compiled_with(part_named(&sides, "first_of_binding"), part_named(&sides, "box_use")));
}
END_TEST

START_TEST(of_a_stripped_object_the_interface_tells_where_the_library_lies)
{
	struct hg_sides whole = sides_of("libsides_module.so");
	uint64_t use = part_named(&whole, "box_use")->low, first = part_named(&whole, "first_of_binding")->low,
	         helper = part_named(&whole, "helper_of_library")->low;
	check_truth(&whole);
	struct hg_sides sides = sides_of("libsides_stripped.so");
	ck_assert(hg_sides_are_two(&sides) && sides.approximate);
	ck_assert_int_eq(hg_side_at(&sides, use), HG_SIDE_LIBRARY);
	ck_assert_int_eq(hg_side_at(&sides, helper), HG_SIDE_LIBRARY);
	ck_assert_int_eq(hg_side_at(&sides, first), HG_SIDE_BINDING);
}
END_TEST

START_TEST(without_names_of_units_places_tell_whose_what_only_the_binding_leads_to_is)
{
	struct hg_sides sides = sides_of("libsides_places.so");
	ck_assert_uint_eq(sides.units, 0);
	check_truth(&sides);
	ck_assert(sides.approximate);
	ck_assert_int_eq(part_named(&sides, "inner_method_of_library.cold")->side, HG_SIDE_LIBRARY);
	ck_assert_int_eq(part_named(&sides, "third_of_binding.cold")->side, HG_SIDE_BINDING);
	ck_assert_int_eq(part_named(&sides, "box_setup_of_binding")->side, HG_SIDE_BINDING);
}
END_TEST

START_TEST(where_units_are_known_places_tell_whose_is_what_lies_between_them)
{
	struct hg_sides sides = sides_of("libsides_whole.so");
	check_truth(&sides);
	ck_assert_uint_eq(part_named(&sides, "method_of_library")->unit, 0);
	ck_assert_int_eq(part_named(&sides, "method_of_library")->side, HG_SIDE_LIBRARY);
	ck_assert_int_eq(part_named(&sides, "box_setup_of_binding")->side, HG_SIDE_BINDING);
}
END_TEST

START_TEST(a_library_alone_has_one_side)
{
	struct hg_sides sides = sides_of("libsides_library.so");
	ck_assert_uint_eq(sides.interface, 3);
	ck_assert(!hg_sides_are_two(&sides));
}
END_TEST

START_TEST(a_file_says_the_same_as_what_is_loaded)
{
	static const char *const objects[] = {"units", "cgo", "one_unit", "module", "stripped", "whole", "places"};
	static const char *const functions[] = {"box_open", "box_close"};
	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
		char name[64], path[512];
		struct hg_elf_sides read;
		struct hg_elf_file file;
		snprintf(name, sizeof name, "libsides_%s.so", objects[i]);
		struct hg_sides loaded = sides_of(name);
		snprintf(path, sizeof path, "%s/%s", LIBRARIES, name);
		ck_assert(hg_elf_file_open(&file, path));
		ck_assert(hg_elf_sides_read(&read, &file, functions, 2));
		ck_assert_uint_eq(read.sides.count, loaded.count);
		for (size_t k = 0; k < loaded.count; k++)
			ck_assert_int_eq(read.sides.parts[k].side, loaded.parts[k].side);
		hg_elf_sides_drop(&read);
		hg_elf_file_close(&file);
	}
}
END_TEST

START_TEST(another_file_in_the_place_of_what_was_loaded_is_not_read)
{
	struct hg_object object = object_of(load("libsides_units.so", RTLD_NOW));
	struct hg_file_symbols file;
	object.path = LIBRARIES "/libsides_cgo.so";
	ck_assert(!hg_file_symbols_open(&object, &file));
	object.path = "/dev/null";
	ck_assert(!hg_file_symbols_open(&object, &file));
}
END_TEST

START_TEST(names_say_whose_they_are)
{
	ck_assert_int_eq(hg_mark_of_part("_cgo_1234_Cfunc_f"), HG_MARK_ALL);
	ck_assert_int_eq(hg_mark_of_part("_RNvC4core3foo"), HG_MARK_ALL);
	ck_assert_int_eq(hg_mark_of_part("_ZN4core3fmt17h0123456789abcdefE"), HG_MARK_ALL);
	ck_assert_int_eq(hg_mark_of_part("_ZN3zmq5ctx_tC1Ev"), HG_MARK_NONE); /* a library in C++ */
	ck_assert_int_eq(hg_mark_of_part("_ZN4core3fmt17h0123E"), HG_MARK_NONE);
	ck_assert_int_eq(hg_mark_of_part("PyInit_etree"), HG_MARK_ONE);
	ck_assert_int_eq(hg_mark_of_part("sqlite3_open"), HG_MARK_NONE);
	ck_assert_int_eq(hg_mark_of_unit("callback.cgo2.c"), HG_MARK_ALL);
	ck_assert_int_eq(hg_mark_of_unit("rusqlite.1f-cgu.0"), HG_MARK_ALL);
	ck_assert_int_eq(hg_mark_of_unit("sqlite3.c"), HG_MARK_NONE);
}
END_TEST

START_TEST(names_of_a_library_share_their_first_word)
{
	ck_assert(hg_share_first_word("sqlite3_open", "sqlite3_close"));
	ck_assert(hg_share_first_word("xmlNewDoc", "xmlFreeDoc"));
	ck_assert(hg_share_first_word("ZSTD_createCCtx", "ZSTD_freeCCtx.cold"));
	ck_assert(hg_share_first_word("gzopen", "gzopen.part.0"));
	ck_assert(!hg_share_first_word("_sqlite3_bind", "sqlite3_bind"));
	ck_assert(!hg_share_first_word("gzopen", "gzclose"));
	ck_assert(!hg_share_first_word("sqlite3_", "sqlite3_open"));
	ck_assert(!hg_share_first_word("xmlNewDoc", "xsltNewDoc"));
	ck_assert(!hg_share_first_word("a_new", "a_free")); /* too short to tell */
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "shim: sides", units_are_the_librarys_that_its_interface_leads_to,
	    what_cgo_has_marked_is_the_bindings_and_the_rest_is_not, a_unit_with_both_is_looked_at_function_by_function,
	    of_a_stripped_object_the_interface_tells_where_the_library_lies,
	    without_names_of_units_places_tell_whose_what_only_the_binding_leads_to_is,
	    where_units_are_known_places_tell_whose_is_what_lies_between_them, a_library_alone_has_one_side,
	    a_file_says_the_same_as_what_is_loaded, another_file_in_the_place_of_what_was_loaded_is_not_read,
	    names_say_whose_they_are, names_of_a_library_share_their_first_word);
}
