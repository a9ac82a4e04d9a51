/* Parents and children under load: many rounds, all at once, no step known. */
#include "harness.h"
#include "protocol/descendants.h"
#include "protocol/family.h"
#include "protocol/life.h"

#include <sched.h>

static const struct hg_class *parents, *children;

static void start_family(int way)
{
	start_fenced(way);
	parents = new_flagged_class(1000, HG_CLASS_PARENT);
	children = new_flagged_class(1000, HG_CLASS_PARENT);
}

/* Children come and go on several threads while their parent is freed: whoever enters one is waited for, whoever is
 * born meanwhile cannot be entered. */
#ifdef HG_UNDER_TSAN
enum { ROUNDS = 100 };
#else
enum { ROUNDS = 1000 };
#endif
enum { MAKERS = 2 };

static struct hg_guard *parent_of_all;
static _Atomic bool gone;
static _Atomic unsigned breaches, entered;
static pthread_barrier_t begin, end;

static void make_until_gone(uint64_t value)
{
	struct hg_frame *in;
	for (;;) {
		struct hg_guard *child = born_of(children, value, parent_of_all);
		if (enter(child, &in) != HG_ENTERED)
			return;
		breaches += atomic_load(&gone);
		entered++;
		hg_guard_leave(child, in);
		hg_family_quit(child, generation(child));
	}
}

static void *maker(void *number)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&begin);
		make_until_gone(10 + (uint64_t)number);
		pthread_barrier_wait(&end);
	}
	return NULL;
}

START_TEST(no_child_is_entered_under_a_parent_that_is_gone)
{
	pthread_t threads[MAKERS];
	start_family(_i);
	pthread_barrier_init(&begin, NULL, MAKERS + 1);
	pthread_barrier_init(&end, NULL, MAKERS + 1);
	for (uint64_t i = 0; i < MAKERS; i++)
		threads[i] = spawn(maker, (void *)i);
	for (int round = 0; round < ROUNDS; round++) {
		unsigned before = atomic_load(&entered);
		parent_of_all = born(parents, 1);
		atomic_store(&gone, false);
		pthread_barrier_wait(&begin);
		while (atomic_load(&entered) == before)
			sched_yield();
		breaches += free_with(parent_of_all, HG_CHILDREN_ORPHANED).outcome != HG_DRAINED;
		atomic_store(&gone, true);
		pthread_barrier_wait(&end);
	}
	for (int i = 0; i < MAKERS; i++)
		join(threads[i]);
	ck_assert_uint_eq(breaches, 0);
}
END_TEST

static void *bear(void *number)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&begin);
		for (uint64_t i = 0; i < MAKERS; i++)
			born_of(children, 10 + MAKERS * (uint64_t)number + i, parent_of_all);
		pthread_barrier_wait(&end);
	}
	return NULL;
}

START_TEST(no_mark_outlives_a_free_that_failed)
{
	pthread_t threads[MAKERS];
	start_family(_i);
	parent_of_all = born(parents, 1);
	pthread_barrier_init(&begin, NULL, MAKERS + 1);
	pthread_barrier_init(&end, NULL, MAKERS + 1);
	for (uint64_t i = 0; i < MAKERS; i++)
		threads[i] = spawn(bear, (void *)i);
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&begin);
		struct hg_free_result result = free_with(parent_of_all, HG_CHILDREN_ORPHANED);
		hg_guard_revive(parent_of_all, result.generation);
		pthread_barrier_wait(&end);
		for (uint64_t i = 0; i < MAKERS * MAKERS; i++)
			breaches += orphaned(hg_table_find(children, 10 + i));
	}
	for (int i = 0; i < MAKERS; i++)
		join(threads[i]);
	ck_assert_uint_eq(breaches, 0);
}
END_TEST

enum { MOVED = 100 };
static struct hg_guard *adoptive;

static void *move(void *unused)
{
	(void)unused;
	for (int round = 0; round < ROUNDS / 2; round++) {
		pthread_barrier_wait(&begin);
		for (uint64_t i = 0; i < MOVED; i++) {
			free_with(hg_table_find(children, 10 + i), HG_CHILDREN_ORPHANED);
			born_of(children, 10 + i, adoptive);
		}
		pthread_barrier_wait(&end);
	}
	return NULL;
}

START_TEST(neither_mark_nor_end_strays_to_a_childs_next_life)
{
	start_family(_i);
	adoptive = born(parents, 2);
	pthread_barrier_init(&begin, NULL, 2);
	pthread_barrier_init(&end, NULL, 2);
	pthread_t mover = spawn(move, NULL);
	for (int round = 0; round < ROUNDS / 2; round++) {
		parent_of_all = born(parents, 1);
		for (uint64_t i = 0; i < MOVED; i++)
			born_of(children, 10 + i, parent_of_all);
		pthread_barrier_wait(&begin);
		struct hg_free_result result = free_with(parent_of_all, HG_CHILDREN_ENDED);
		hg_family_end(parent_of_all, result.generation, HG_CHILDREN_ENDED, NULL, NULL);
		pthread_barrier_wait(&end);
		for (uint64_t i = 0; i < MOVED; i++) {
			struct hg_guard *moved = hg_table_find(children, 10 + i);
			breaches += phase(moved) != HG_WORD_LIVE || orphaned(moved);
		}
	}
	join(mover);
	ck_assert_uint_eq(breaches, 0);
}
END_TEST

int main(void)
{
	return RUN_FENCED_SUITE("family_threads", no_child_is_entered_under_a_parent_that_is_gone,
	                        no_mark_outlives_a_free_that_failed, neither_mark_nor_end_strays_to_a_childs_next_life);
}
