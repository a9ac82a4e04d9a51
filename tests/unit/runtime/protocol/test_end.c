/* Where it is kept how lives ended: for guards of which one has. */
#include "harness.h"
#include "protocol/end.h"
#include "protocol/life.h"
#include "protocol/refusal.h"

static struct hg_event event_at(uint64_t ticks)
{
	struct hg_event event = event_now();
	event.ticks = ticks;
	return event;
}

START_TEST(what_has_never_ended_keeps_nothing)
{
	start();
	struct hg_guard *guard = born(new_class(1000), 1);
	ck_assert_uint_eq(atomic_load(&guard->end), 0);
	ck_assert_uint_eq(hg_end_now(guard).ticks, 0);
	ck_assert_ptr_null(hg_end_pending(guard));
	hg_end_clear(guard);
	ck_assert_uint_eq(atomic_load(&guard->end), 0);
}
END_TEST

START_TEST(a_guard_keeps_its_place_for_the_lives_to_come)
{
	start();
	const struct hg_class *class = new_class(1000);
	struct hg_guard *guard = born(class, 1), *other = born(class, 2);
	begin_free(guard, HG_FREE_WAIT, 1000);
	uint32_t place = atomic_load(&guard->end);
	ck_assert_uint_ne(place, 0);
	begin_free(other, HG_FREE_WAIT, 1000);
	ck_assert_uint_ne(atomic_load(&other->end), place);
	born(class, 1);
	ck_assert_uint_eq(hg_end_now(guard).ticks, 0);
	ck_assert_uint_ne(hg_end_of_life(guard, 1).ticks, 0);
	begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert_uint_eq(atomic_load(&guard->end), place);
	ck_assert_uint_ne(hg_end_now(guard).ticks, 0);
	ck_assert_uint_eq(hg_end_of_life(guard, 1).ticks, 0);
}
END_TEST

enum { THREADS = 4, EACH = 5000 };
static struct hg_guard *all[THREADS][EACH];

static void *end_each(void *own)
{
	uint64_t thread = (uint64_t)own;
	for (unsigned i = 0; i < EACH; i++) {
		struct hg_event event = event_at(thread + i * THREADS + 1);
		hg_end_store(all[thread][i], &event, 1);
	}
	return NULL;
}

START_TEST(no_two_guards_share_a_place_however_many_there_are)
{
	start();
	const struct hg_class *class = new_class(1000);
	pthread_t threads[THREADS];
	for (unsigned i = 0; i < THREADS * EACH; i++)
		all[i / EACH][i % EACH] = born(class, i + 1);
	for (uint64_t i = 0; i < THREADS; i++)
		threads[i] = spawn(end_each, (void *)i);
	for (unsigned i = 0; i < THREADS; i++)
		join(threads[i]);
	for (unsigned own = 0; own < THREADS; own++)
		for (unsigned i = 0; i < EACH; i++)
			ck_assert_uint_eq(hg_end_of_life(all[own][i], 1).ticks, own + i * THREADS + 1);
}
END_TEST

/* Guards that are freed while no memory can be had; returns the last of them. */
enum { REFUSED = 200 };
static struct hg_guard *free_without_memory(const struct hg_class *class)
{
	struct hg_guard *guards[REFUSED];
	struct hg_event event = event_now();
	for (unsigned i = 0; i < REFUSED; i++)
		guards[i] = born(class, i + 1);
	allow_memory(false);
	for (unsigned i = 0; i < REFUSED; i++) {
		struct hg_free_request request = {.deadline_ns = 1, .event = &event};
		hg_guard_begin_free(guards[i], hg_context, &request);
	}
	allow_memory(true);
	return guards[REFUSED - 1];
}

START_TEST(a_free_without_memory_ends_its_handle_and_is_counted)
{
	start();
	struct hg_guard *last = free_without_memory(new_class(1000));
	struct hg_frame *in;
	ck_assert_uint_eq(phase(last), HG_WORD_FREED);
	ck_assert(hg_end_is_lost(last));
	ck_assert_uint_ge(counter(HG_COUNTER_MEMORY_REFUSED), 1);
	ck_assert_int_eq(enter(last, &in), HG_LATE);
	/* Nobody waits for what will not come. */
	ck_assert_uint_eq(hg_refusal_take(last).free.ticks, 0);
	ck_assert_uint_eq(counter(HG_COUNTER_WINNER_UNKNOWN), 0);
}
END_TEST

START_TEST(once_there_is_memory_the_next_end_is_known)
{
	start();
	const struct hg_class *class = new_class(1000);
	struct hg_guard *last = free_without_memory(class);
	born(class, last->value);
	begin_free(last, HG_FREE_WAIT, 1000);
	ck_assert(!hg_end_is_lost(last));
	ck_assert_uint_ne(hg_end_now(last).ticks, 0);
}
END_TEST

int main(void)
{
	return RUN_SUITE("end", what_has_never_ended_keeps_nothing, a_guard_keeps_its_place_for_the_lives_to_come,
	                 no_two_guards_share_a_place_however_many_there_are,
	                 a_free_without_memory_ends_its_handle_and_is_counted,
	                 once_there_is_memory_the_next_end_is_known);
}
