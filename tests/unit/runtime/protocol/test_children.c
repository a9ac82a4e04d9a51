/* What was made from a handle is listed with it. */
#include "format/image.h"
#include "harness.h"
#include "protocol/children.h"
#include "protocol/descendants.h"
#include "protocol/guard_memory.h"
#include "protocol/life.h"

static const struct hg_class *parents, *children;

static void start_lists(void)
{
	start();
	parents = new_flagged_class(1000, HG_CLASS_PARENT);
	children = new_flagged_class(1000, HG_CLASS_PARENT | HG_CLASS_CHILD);
}

static void count(struct hg_guard *guard, void *argument)
{
	(void)guard;
	++*(unsigned *)argument;
}

static unsigned listed(struct hg_guard *parent)
{
	unsigned found = 0;
	hg_children_each(parent, count, &found);
	return found;
}

static unsigned descendants(struct hg_guard *guard)
{
	unsigned found = 0;
	hg_family_orphans(guard, generation(guard), HG_CHILDREN_ORPHANED, count, &found);
	return found;
}

static uint32_t place(struct hg_guard *child)
{
	return hg_guard_more(child)->place;
}

START_TEST(each_child_is_listed_with_its_parent_alone)
{
	start_lists();
	struct hg_guard *one = born(parents, 1), *other = born(parents, 2);
	born_of(children, 3, one);
	born_of(children, 4, other);
	born_of(children, 5, one);
	ck_assert_uint_eq(listed(one), 2);
	ck_assert_uint_eq(listed(other), 1);
}
END_TEST

START_TEST(what_is_made_from_the_same_parent_again_keeps_its_place)
{
	start_lists();
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	uint32_t first = place(child);
	for (int life = 0; life < 3; life++) {
		free_with(child, HG_CHILDREN_ORPHANED);
		born_of(children, 2, parent);
	}
	ck_assert_uint_eq(place(child), first);
	ck_assert_uint_eq(listed(parent), 1);
}
END_TEST

START_TEST(a_place_that_was_left_is_the_next_childs)
{
	start_lists();
	struct hg_guard *parent = born(parents, 1), *other = born(parents, 2);
	struct hg_guard *one = born_of(children, 3, parent), *two = born_of(children, 4, parent);
	uint32_t first = place(one), second = place(two);
	free_with(one, HG_CHILDREN_ORPHANED);
	born_of(children, 3, other);
	free_with(two, HG_CHILDREN_ORPHANED);
	born_of(children, 4, NULL);
	ck_assert_uint_eq(listed(parent), 0);
	ck_assert_uint_eq(place(two), 0);
	ck_assert_uint_eq(place(born_of(children, 5, parent)), second);
	ck_assert_uint_eq(place(born_of(children, 6, parent)), first);
	ck_assert_uint_eq(listed(parent), 2);
}
END_TEST

START_TEST(a_guard_that_becomes_another_values_is_listed_no_more)
{
	start_lists();
	struct hg_guard *parent = born(parents, 1), *child = born_of(children, 2, parent);
	free_with(child, HG_CHILDREN_ORPHANED);
	hg_guard_recycle(child);
	ck_assert_uint_eq(listed(parent), 0);
	ck_assert_uint_eq(place(child), 0);
}
END_TEST

START_TEST(descendants_are_met_down_to_the_last_generation)
{
	start_lists();
	struct hg_guard *first = born(parents, 1), *last = first;
	for (unsigned i = 1; i <= HG_ANCESTORS; i++)
		last = born_of(children, 1 + i, last);
	born_of(children, 100, last); /* too far down */
	ck_assert_uint_eq(descendants(first), HG_ANCESTORS);
}
END_TEST

/* Many threads make children from many parents, and move them. */
enum { THREADS = 4, PARENTS = 8, CHILDREN = 500, TURNS = 20 };
static struct hg_guard *parent_of[PARENTS], *child_of[THREADS][CHILDREN];

static unsigned parent_at(uint64_t thread, unsigned child, unsigned turn)
{
	return (unsigned)(thread + child * 3 + turn * (1 + child % 5)) % PARENTS;
}

static void *move_about(void *own)
{
	uint64_t thread = (uint64_t)own;
	for (unsigned turn = 0; turn < TURNS; turn++)
		for (unsigned i = 0; i < CHILDREN; i++) {
			struct hg_guard *parent = parent_of[parent_at(thread, i, turn)];
			child_of[thread][i] = born_of(children, 1000 + thread * CHILDREN + i, parent);
			if (turn < TURNS - 1)
				free_with(child_of[thread][i], HG_CHILDREN_ORPHANED);
		}
	return NULL;
}

START_TEST(no_child_is_lost_while_many_threads_move_theirs)
{
	start_lists();
	pthread_t threads[THREADS];
	unsigned expected[PARENTS] = {0};
	for (unsigned i = 0; i < PARENTS; i++)
		parent_of[i] = born(parents, 1 + i);
	for (uint64_t i = 0; i < THREADS; i++)
		threads[i] = spawn(move_about, (void *)i);
	for (unsigned i = 0; i < THREADS; i++)
		join(threads[i]);
	for (uint64_t thread = 0; thread < THREADS; thread++)
		for (unsigned i = 0; i < CHILDREN; i++)
			expected[parent_at(thread, i, TURNS - 1)]++;
	for (unsigned i = 0; i < PARENTS; i++) {
		ck_assert_uint_eq(listed(parent_of[i]), expected[i]);
		ck_assert_uint_eq(descendants(parent_of[i]), expected[i]);
	}
}
END_TEST

START_TEST(without_memory_for_the_list_all_guards_are_looked_at)
{
	start_lists();
	struct hg_guard *parent = born(parents, 1);
	struct hg_guard *waiting = born(children, 2); /* its guard is there */
	allow_memory(false);
	born_of(children, waiting->value, parent);
	allow_memory(true);
	ck_assert(hg_children_are_missing());
	ck_assert_uint_eq(listed(parent), 0);
	ck_assert_uint_eq(descendants(parent), 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "children", each_child_is_listed_with_its_parent_alone,
	    what_is_made_from_the_same_parent_again_keeps_its_place, a_place_that_was_left_is_the_next_childs,
	    a_guard_that_becomes_another_values_is_listed_no_more, descendants_are_met_down_to_the_last_generation,
	    no_child_is_lost_while_many_threads_move_theirs, without_memory_for_the_list_all_guards_are_looked_at);
}
