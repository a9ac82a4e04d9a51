/* Which definition an object's reference means: what the dynamic linker has made of it. */
#include <string.h>

#include "dynlink/at_start.h"
#include "dynlink/got_slots.h"
#include "dynlink/scope.h"
#include "guarded.h"
#include "loaded.h"

/* The program stands where a preload object does: all others are libraries. */
static void set_up(void)
{
	start_guarded("classes: {thing: }\nfunctions: {thing_which: {op: {thing: 0}}}\n");
	hg_note_loaded_at_start();
}

/* A load that is over. */
struct load {
	void *handle;
	int flags;
};

static void note(const struct hg_objects *objects, void *argument)
{
	const struct load *load = argument;
	hg_scope_loaded(objects, number_of(objects, load->handle), load->flags);
}

static void *loaded(const char *name, int flags)
{
	struct load over = {load(name, flags | RTLD_NOW), flags};
	with_objects(note, &over);
	return over.handle;
}

/* --- beside the dynamic linker --- */

struct comparison {
	const struct hg_objects *objects;
	unsigned number, compared;
};

/* It has names of the C library's, and the dynamic linker does not look there. In a process with preload objects it
 * lies before them. */
static bool is_in_vdso(const struct hg_objects *objects, const char *name)
{
	struct hg_wanted wanted = hg_wanted_name(name);
	for (unsigned i = 0; i < objects->count; i++)
		if (strncmp(objects->list[i].file, "linux-vdso", 10) == 0)
			return hg_object_next(&objects->list[i], &wanted, NULL) != NULL;
	return false;
}

static bool compare(const struct hg_got_slot *got, void *argument)
{
	struct comparison *comparison = argument;
	const void *function = (const void *)hg_got_slot_function(got);
	unsigned in = hg_objects_at(comparison->objects, function);
	/* What the program defines, or a sanitizer in it, is the preload object's here. */
	if (hg_got_slot_is_lazy(got) || in == 0 || in == HG_OBJECTS_MOST || is_in_vdso(comparison->objects, got->name))
		return true;
	struct hg_wanted wanted = hg_wanted_name(got->name);
	struct hg_found found;
	wanted.version = hg_object_version_used(got->object, got->symbol);
	ck_assert_msg(hg_scope_find(comparison->objects, comparison->number, &wanted, &found), "%s of %s is not found",
	              got->name, got->object->path);
	const struct hg_object *object = &comparison->objects->list[found.object];
	ck_assert_msg(hg_object_function(object, found.symbol) == function, "%s of %s means another one", got->name,
	              got->object->path);
	comparison->compared++;
	return true;
}

static void compare_all(const struct hg_objects *objects, void *compared)
{
	struct comparison comparison = {.objects = objects};
	for (unsigned i = 1; i < objects->count; i++) {
		comparison.number = i;
		hg_got_slots_each(&objects->list[i], compare, &comparison);
	}
	*(unsigned *)compared = comparison.compared;
}

static unsigned compared(void)
{
	unsigned count;
	with_objects(compare_all, &count);
	return count;
}

START_TEST(what_is_there_from_the_start_means_the_same)
{
	set_up();
	ck_assert_uint_gt(compared(), 20);
}
END_TEST

START_TEST(each_load_sees_what_it_has_brought)
{
	set_up();
	loaded("libuser_now.so", RTLD_LOCAL);
	loaded("libuser_of_2.so", RTLD_LOCAL);
	compared();
}
END_TEST

START_TEST(what_was_loaded_for_all_comes_first)
{
	set_up();
	loaded("libthing_2.so", RTLD_GLOBAL);
	loaded("libuser_now.so", RTLD_LOCAL);
	compared();
}
END_TEST

START_TEST(a_deep_load_sees_its_own_first)
{
	set_up();
	loaded("libthing_2.so", RTLD_GLOBAL);
	loaded("libuser_now.so", RTLD_LOCAL | RTLD_DEEPBIND);
	compared();
}
END_TEST

/* --- what is asked for by name --- */

struct question {
	void *from;
	const char *answer; /* the file in which it is defined; null: nowhere */
	const char *name;
};

static void ask(const struct hg_objects *objects, void *argument)
{
	struct question *question = argument;
	struct hg_wanted wanted = hg_wanted_name(question->name);
	struct hg_found found;
	bool any = hg_scope_find(objects, number_of(objects, question->from), &wanted, &found);
	question->answer = any ? objects->list[found.object].file : NULL;
}

static const char *meant_from(void *handle, const char *name)
{
	struct question question = {.from = handle, .name = name};
	with_objects(ask, &question);
	return question.answer;
}

START_TEST(loads_do_not_see_each_other)
{
	set_up();
	void *first = loaded("libuser_now.so", RTLD_LOCAL), *second = loaded("libuser_of_2.so", RTLD_LOCAL);
	ck_assert_str_eq(meant_from(first, "thing_which"), "libthing_1.so");
	ck_assert_str_eq(meant_from(second, "thing_which"), "libthing_2.so");
	ck_assert_ptr_null(meant_from(first, "pick"));
	loaded("libversions.so", RTLD_LOCAL);
	ck_assert_ptr_null(meant_from(first, "pick"));
	loaded("libversions.so", RTLD_GLOBAL);
	ck_assert_str_eq(meant_from(first, "pick"), "libversions.so");
}
END_TEST

START_TEST(what_is_unloaded_is_forgotten)
{
	set_up();
	void *first = loaded("libuser_now.so", RTLD_LOCAL), *versions = loaded("libversions.so", RTLD_GLOBAL);
	ck_assert_str_eq(meant_from(first, "pick"), "libversions.so");
	ck_assert_int_eq(dlclose(versions), 0);
	loaded("libthing_2.so", RTLD_LOCAL);
	ck_assert_ptr_null(meant_from(first, "pick"));
	ck_assert_str_eq(meant_from(first, "thing_which"), "libthing_1.so");
}
END_TEST

/* --- what is known of an object --- */

static void check_placing(const struct hg_objects *objects, void *handle)
{
	unsigned number = number_of(objects, handle);
	ck_assert(hg_scope_is_placed(objects, 0));
	ck_assert(!hg_scope_is_placed(objects, number));
	ck_assert(hg_scope_is_latest(objects, number));
	hg_scope_guess(objects, RTLD_LOCAL);
	ck_assert(hg_scope_is_placed(objects, number));
	ck_assert(!hg_scope_is_latest(objects, number));
	ck_assert(!hg_scope_is_deep(objects, number));
	ck_assert(hg_scope_is_library(objects, number));
	ck_assert(!hg_scope_is_library(objects, 0));
}

START_TEST(an_object_is_placed_by_its_load_or_by_a_guess)
{
	set_up();
	with_objects(check_placing, load("libuser_now.so", RTLD_NOW | RTLD_LOCAL));
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: scope", what_is_there_from_the_start_means_the_same, each_load_sees_what_it_has_brought,
	                 what_was_loaded_for_all_comes_first, a_deep_load_sees_its_own_first,
	                 loads_do_not_see_each_other, what_is_unloaded_is_forgotten,
	                 an_object_is_placed_by_its_load_or_by_a_guess);
}
