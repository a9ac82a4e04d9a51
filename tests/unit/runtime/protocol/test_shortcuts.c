/* From hashes to guards: what is kept is found, and nothing that has left the table. */
#include <sched.h>

#include "harness.h"
#include "protocol/guard_memory.h"
#include "protocol/shortcuts.h"

enum { GUARDS = 20000, PAIRS = 2000 };

static struct hg_guard guards[GUARDS];

/* As the table's are: spread over all bits (the finalizer of SplitMix64, S. Vigna). */
static uint64_t hash_of(uint64_t number)
{
	uint64_t hash = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
	return hash ^ (hash >> 31);
}

static struct hg_guard *found(unsigned number)
{
	_Atomic uint64_t *place = hg_shortcut_at(hash_of(number));
	return place ? hg_shortcut_guard(atomic_load(place)) : NULL;
}

/* As they come into the table, one after the other; then each is looked up there once. */
static void keep_all(void)
{
	for (unsigned i = 0; i < GUARDS; i++)
		hg_shortcuts_make_room(i + 1);
	for (unsigned i = 0; i < GUARDS; i++)
		hg_shortcut_keep(hash_of(i), &guards[i]);
}

START_TEST(few_guards_need_no_places)
{
	hg_shortcuts_make_room(1);
	hg_shortcut_keep(hash_of(0), &guards[0]);
	ck_assert_ptr_null(found(0));
}
END_TEST

START_TEST(nearly_all_that_is_kept_is_found)
{
	unsigned lost = 0;
	keep_all();
	for (unsigned i = 0; i < GUARDS; i++)
		lost += found(i) != &guards[i];
	ck_assert_uint_le(lost, GUARDS / 10);
}
END_TEST

START_TEST(what_has_been_dropped_is_not_found)
{
	keep_all();
	for (unsigned i = 0; i < GUARDS; i++) {
		hg_shortcut_drop(hash_of(i), &guards[i]);
		ck_assert_ptr_ne(found(i), &guards[i]);
	}
}
END_TEST

START_TEST(what_is_gone_is_not_kept)
{
	keep_all();
	hg_shortcut_drop(hash_of(7), &guards[7]);
	atomic_store(&guards[7].dead, HG_DEAD_QUEUED | HG_DEAD_GONE);
	hg_shortcut_keep(hash_of(7), &guards[7]);
	ck_assert_ptr_ne(found(7), &guards[7]);
}
END_TEST

/* A guard stands where the present number of places has it: where it stood before, nobody would drop it. */
START_TEST(more_room_begins_with_none)
{
	for (unsigned i = 0; i < 600; i++)
		hg_shortcuts_make_room(i + 1);
	for (unsigned i = 0; i < 600; i++)
		hg_shortcut_keep(hash_of(i), &guards[i]);
	hg_shortcuts_make_room(GUARDS);
	for (unsigned i = 0; i < 600; i++)
		ck_assert_ptr_null(found(i));
}
END_TEST

START_TEST(a_forked_child_begins_with_none)
{
	keep_all();
	hg_shortcuts_forked();
	for (unsigned i = 0; i < GUARDS; i++)
		ck_assert_ptr_null(found(i));
	hg_shortcut_keep(hash_of(7), &guards[7]);
	ck_assert_ptr_eq(found(7), &guards[7]);
}
END_TEST

static _Atomic unsigned turn[2];

/* Both do each step at the same time. */
static void meet(unsigned which, unsigned step)
{
	atomic_store(&turn[which], step);
	while (atomic_load(&turn[!which]) < step)
		sched_yield();
}

static void *keep_each(void *unused)
{
	for (unsigned i = 0; i < PAIRS; i++) {
		meet(0, i + 1);
		hg_shortcut_keep(hash_of(i), &guards[i]);
	}
	return unused;
}

static void *drop_each(void *unused)
{
	for (unsigned i = 0; i < PAIRS; i++) {
		meet(1, i + 1);
		atomic_store(&guards[i].dead, HG_DEAD_QUEUED | HG_DEAD_GONE);
		hg_shortcut_drop(hash_of(i), &guards[i]);
	}
	return unused;
}

START_TEST(what_goes_while_it_is_kept_is_not_found)
{
	for (unsigned i = 0; i < 600; i++)
		hg_shortcuts_make_room(i + 1);
	pthread_t keeper = spawn(keep_each, NULL), dropper = spawn(drop_each, NULL);
	join(keeper);
	join(dropper);
	for (unsigned i = 0; i < PAIRS; i++)
		ck_assert_ptr_ne(found(i), &guards[i]);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shortcuts", few_guards_need_no_places, nearly_all_that_is_kept_is_found,
	                 what_has_been_dropped_is_not_found, what_is_gone_is_not_kept, more_room_begins_with_none,
	                 a_forked_child_begins_with_none, what_goes_while_it_is_kept_is_not_found);
}
