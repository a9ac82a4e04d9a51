/* What is kept of objects from one time that they are held to the next. */
#include <stdint.h>

#include "guarded.h"
#include "loaded.h"

static void set_up(void)
{
	start_guarded("classes: {thing: }\nfunctions: {thing_which: {op: {thing: 0}}}\n");
}

/* --- marks --- */

struct marking {
	void *handle;
	uint32_t mark; /* to be put, and then: that was found */
	uint64_t lost;
};

static void put(const struct hg_objects *objects, void *argument)
{
	struct marking *marking = argument;
	struct hg_known *known = &objects->known[number_of(objects, marking->handle)];
	known->rooted = marking->mark;
	known->defines = true;
	marking->lost = objects->lost;
}

static void read_mark(const struct hg_objects *objects, void *argument)
{
	struct marking *marking = argument;
	marking->mark = objects->known[number_of(objects, marking->handle)].rooted;
	marking->lost = objects->lost - marking->lost;
}

static struct marking marked(void *handle, uint32_t mark)
{
	struct marking marking = {.handle = handle, .mark = mark};
	with_objects(put, &marking);
	return marking;
}

static uint32_t mark_of(void *handle)
{
	struct marking marking = {.handle = handle};
	with_objects(read_mark, &marking);
	return marking.mark;
}

/* --- descriptions --- */

static void compare_with_fresh(const struct hg_objects *objects, void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < objects->count; i++)
		ck_assert_uint_eq(hg_objects_at(objects, (const void *)objects->list[i].low), i);
}

static void check_listed(void *handle, const char *file)
{
	struct hg_object object = object_of(handle);
	ck_assert_str_eq(object.file, file);
	ck_assert_ptr_eq(object.dynamic, ((const struct link_map *)handle)->l_ld);
	with_objects(compare_with_fresh, NULL);
}

START_TEST(what_is_known_moves_with_its_object)
{
	set_up();
	void *gone = load("libversions.so", RTLD_NOW), *kept = load("libthing_1.so", RTLD_NOW);
	struct marking marking = marked(gone, 1);
	marked(kept, 2);
	ck_assert_int_eq(dlclose(gone), 0);
	ck_assert_uint_eq(mark_of(kept), 2);
	marking.handle = kept;
	with_objects(read_mark, &marking);
	ck_assert_uint_eq(marking.lost, 1);
	check_listed(kept, "libthing_1.so");
	void *fresh = load("libthing_2.so", RTLD_NOW);
	ck_assert_uint_eq(mark_of(fresh), 0);
	ck_assert_uint_eq(mark_of(kept), 2);
	check_listed(fresh, "libthing_2.so");
}
END_TEST

/* Nobody looks in between: it lies where it did, and its name too. */
START_TEST(what_comes_again_is_another_one)
{
	set_up();
	void *first = load("libthing_1.so", RTLD_NOW);
	struct hg_object before = object_of(first);
	struct marking marking = marked(first, 1);
	void *second = NULL;
	for (int i = 0; i < 100 && (!second || ((const struct link_map *)second)->l_addr != before.base); i++) {
		ck_assert_int_eq(dlclose(second ? second : first), 0);
		second = load("libthing_1.so", RTLD_NOW);
	}
	marking.handle = second;
	with_objects(read_mark, &marking);
	ck_assert_uint_eq(marking.mark, 0);
	ck_assert_uint_eq(marking.lost, 1);
	check_listed(second, "libthing_1.so");
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: objects", what_is_known_moves_with_its_object, what_comes_again_is_another_one);
}
