/* The memory of guards: looked through in its order. */
#include "format/image.h"
#include "harness.h"
#include "protocol/guard_memory.h"
#include "protocol/life.h"

enum { MANY = 30000 }; /* more than a chunk of memory holds */
static unsigned char seen[2 * MANY + 1];

static void note(struct hg_guard *guard, void *times)
{
	/* It may be one that is just being made. */
	uint64_t value = __atomic_load_n(&guard->value, __ATOMIC_RELAXED);
	if (value <= 2 * MANY)
		seen[value]++;
	++*(unsigned *)times;
}

START_TEST(each_guard_that_can_have_a_family_is_met_once_and_no_other)
{
	start();
	const struct hg_class *parents = new_flagged_class(1000, HG_CLASS_PARENT), *plain = new_flagged_class(1000, 0),
	                      *shared = new_flagged_class(1000, HG_CLASS_CHILD | HG_CLASS_SHARED);
	unsigned times = 0;
	for (unsigned i = 1; i <= MANY; i++) {
		born(parents, i);
		born(shared, MANY + i);
		born(plain, 2 * MANY + i);
	}
	hg_guards_each_with_more(note, &times);
	ck_assert_uint_eq(times, 2 * MANY);
	for (unsigned i = 1; i <= 2 * MANY; i++)
		ck_assert_uint_eq(seen[i], 1);
}
END_TEST

START_TEST(where_there_is_no_family_nothing_is_met)
{
	start();
	unsigned times = 0;
	born(new_flagged_class(1000, 0), 1);
	hg_guards_each_with_more(note, &times);
	ck_assert_uint_eq(times, 0);
}
END_TEST

static struct gate go;

static void *make_more(void *class)
{
	gate_wait(&go);
	for (unsigned i = 1; i <= MANY; i++)
		born(class, MANY + i);
	return NULL;
}

START_TEST(what_was_there_is_met_while_more_comes)
{
	start();
	const struct hg_class *parents = new_flagged_class(1000, HG_CLASS_PARENT);
	for (unsigned i = 1; i <= MANY; i++)
		born(parents, i);
	pthread_t maker = spawn(make_more, (void *)parents);
	gate_open(&go);
	unsigned times = 0;
	hg_guards_each_with_more(note, &times);
	for (unsigned i = 1; i <= MANY; i++)
		ck_assert_uint_eq(seen[i], 1);
	join(maker);
}
END_TEST

int main(void)
{
	return RUN_SUITE("guard_memory", each_guard_that_can_have_a_family_is_met_once_and_no_other,
	                 where_there_is_no_family_nothing_is_met, what_was_there_is_met_while_more_comes);
}
