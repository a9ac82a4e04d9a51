/* The lives of a guard: how each begins and ends, and that nothing of one is taken for the next. */
#include "api/start.h"
#include "harness.h"
#include "protocol/end.h"
#include "protocol/life.h"
#include "protocol/older.h"

START_TEST(the_next_life_begins_fresh)
{
	start_fenced(_i);
	const struct hg_class *class = new_class(1000);
	struct hg_guard *guard = born(class, 1);
	struct hg_event event = event_now();
	struct hg_frame *in;
	begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert_uint_ne(hg_end_of_life(guard, 1).ticks, 0);
	ck_assert_int_eq(hg_guard_create(guard, hg_context, &event, NULL), HG_BORN);
	ck_assert_uint_eq(hg_end_of_life(guard, 2).ticks, 0);
	ck_assert_uint_eq(hg_word_generation(atomic_load(&guard->word)), 2);
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1000).outcome, HG_DRAINED);
}
END_TEST

static void *free_and_create(void *argument)
{
	struct hg_guard *guard = argument;
	begin_free(guard, HG_FREE_WAIT, 1000);
	born(guard->class, guard->value);
	return NULL;
}

static void use(struct hg_guard *guard)
{
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
}

START_TEST(who_had_seen_an_older_life_is_known)
{
	struct hg_context *context = start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	use(guard);
	ck_assert(!hg_older_met(context, guard, 1));
	join(spawn(free_and_create, guard));
	ck_assert(hg_older_met(context, guard, 2));
	ck_assert(!hg_older_noted(context, guard, 2));
	use(guard);
	ck_assert(hg_older_noted(context, guard, 2));
	/* Its own create tells it of the next. */
	begin_free(guard, HG_FREE_WAIT, 1000);
	ck_assert(hg_end_of_life(guard, 2).flags & HG_EVENT_OLDER);
	born(guard->class, guard->value);
	use(guard);
	ck_assert(!hg_older_met(context, guard, 3));
}
END_TEST

START_TEST(that_it_is_known_of_a_few_only_is_counted)
{
	struct hg_context *context = start_fenced(_i);
	const struct hg_class *class = new_class(1000);
	struct hg_guard *guards[HG_OLDER_KEPT + 1];
	for (uint64_t i = 0; i <= HG_OLDER_KEPT; i++) {
		guards[i] = born(class, i + 1);
		use(guards[i]);
		join(spawn(free_and_create, guards[i]));
		use(guards[i]);
	}
	ck_assert_uint_eq(counter(HG_COUNTER_OLDER_FORGOTTEN), 1);
	ck_assert(!hg_older_noted(context, guards[0], 2));
	ck_assert(hg_older_noted(context, guards[HG_OLDER_KEPT], 2));
	/* Those whose lives are over make room. */
	begin_free(guards[1], HG_FREE_WAIT, 1000);
	born(class, guards[1]->value);
	struct hg_guard *another = born(class, 100);
	use(another);
	join(spawn(free_and_create, another));
	use(another);
	ck_assert_uint_eq(counter(HG_COUNTER_OLDER_FORGOTTEN), 1);
	ck_assert(hg_older_noted(context, another, 2));
}
END_TEST

START_TEST(a_live_value_that_is_handed_out_again_is_reborn)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_event event = event_now();
	ck_assert_int_eq(hg_guard_create(guard, hg_context, &event, NULL), HG_REBORN);
	ck_assert_uint_eq(hg_word_generation(atomic_load(&guard->word)), 2);
}
END_TEST

START_TEST(adoption_happens_once_and_is_shared)
{
	start_fenced(_i);
	struct hg_guard *guard = hg_table_obtain(new_class(1000), 1);
	struct hg_event event = event_now();
	struct hg_frame *in;
	ck_assert(hg_guard_adopt(guard, 0, &event, NULL));
	ck_assert(!hg_guard_adopt(guard, 0, &event, NULL));
	ck_assert(!hg_word_private(atomic_load(&guard->word)));
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1000).outcome, HG_DRAINED);
}
END_TEST

START_TEST(a_free_that_failed_gives_the_handle_back)
{
	start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_frame *in;
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1000);
	hg_guard_revive(guard, result.generation);
	ck_assert_uint_eq(hg_end_last(guard).ticks, 0);
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1000).outcome, HG_DRAINED);
}
END_TEST

START_TEST(a_failed_free_of_an_earlier_life_changes_nothing)
{
	start_fenced(_i);
	const struct hg_class *class = new_class(1000);
	struct hg_guard *guard = born(class, 1);
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1000);
	born(class, 1);
	begin_free(guard, HG_FREE_WAIT, 1000);
	hg_guard_revive(guard, result.generation);
	ck_assert_uint_eq(phase(guard), HG_WORD_FREED);
}
END_TEST

enum { REUSE_ROUNDS = 20000 };

struct reuse {
	struct hg_guard *guard;
	_Atomic int begun, ended; /* rounds */
};

/* Spinning, as the two must meet within some hundred nanoseconds; a processor that is not free is given away. */
static void await_round(_Atomic int *rounds, int round)
{
	for (int i = 0; atomic_load(rounds) < round; i++)
		if (i > 10000)
			sched_yield();
}

/* The value is handed out again, to another thread, while the call that ended it is about to say so. */
static void *reuse_body(void *argument)
{
	struct reuse *reuse = argument;
	struct hg_event event = event_now();
	struct hg_context *context = hg_context_here();
	for (int i = 0; i < REUSE_ROUNDS; i++) {
		await_round(&reuse->begun, i + 1);
		for (int delay = 0; delay < i % 512; delay++)
			atomic_signal_fence(memory_order_seq_cst);
		hg_guard_create(reuse->guard, context, &event, NULL);
		atomic_store(&reuse->ended, i + 1);
	}
	return NULL;
}

START_TEST(a_free_of_a_named_life_never_ends_the_next)
{
	start_fenced(_i);
	struct reuse reuse = {.guard = born(new_class(1000), 1)};
	struct hg_event event = event_now();
	struct hg_guard *other = born(new_class(1000), 2);
	struct hg_frame *in;
	/* Calls in flight that the free must pass over: it takes its time between its look at the life and its end. */
	for (int i = 0; i < HG_FRAMES - 1; i++)
		enter(other, &in);
	pthread_t thread = spawn(reuse_body, &reuse);
	for (int i = 0; i < REUSE_ROUNDS; i++) {
		hg_guard_create(reuse.guard, hg_context, &event, NULL);
		uint32_t generation = hg_word_generation(atomic_load(&reuse.guard->word));
		atomic_store(&reuse.begun, i + 1);
		hg_guard_begin_free(
		    reuse.guard, hg_context,
		    &(struct hg_free_request){.how = HG_FREE_OBSERVE, .generation = generation, .event = &event});
		await_round(&reuse.ended, i + 1);
		uint64_t word = atomic_load(&reuse.guard->word);
		ck_assert_uint_eq(hg_word_generation(word), generation + 1);
		ck_assert_uint_eq(hg_word_phase(word), HG_WORD_LIVE);
	}
	join(thread);
}
END_TEST

START_TEST(of_a_word_that_has_changed_nothing_begins_or_ends)
{
	struct hg_context *context = start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	uint64_t first = atomic_load(&guard->word);
	struct hg_event event = event_now();
	ck_assert(!hg_guard_begin(guard, context, &event, hg_word_to(first, HG_WORD_FREED)));
	ck_assert(hg_guard_end_private(guard, context, first, HG_CHILDREN_ORPHANED, &event));
	ck_assert(!hg_guard_end_private(guard, context, first, HG_CHILDREN_ORPHANED, &event));
	uint64_t ended = atomic_load(&guard->word);
	ck_assert_uint_eq(ended, hg_word_to(first, HG_WORD_FREED));
	ck_assert_uint_ne(hg_end_of_life(guard, 1).ticks, 0);
	ck_assert(hg_guard_begin(guard, context, &event, ended));
	ck_assert(!hg_guard_begin(guard, context, &event, ended));
	ck_assert_uint_eq(atomic_load(&guard->word), hg_word(2, HG_WORD_LIVE));
	ck_assert_uint_ne(hg_event_of_life(&guard->create, 2).ticks, 0);
	ck_assert_uint_eq(hg_end_of_life(guard, 2).ticks, 0);
}
END_TEST

/* A handler may have begun the op since its thread was found to be in none. */
START_TEST(a_life_does_not_end_in_one_step_under_an_op_of_its_own_thread)
{
	struct hg_context *context = start_fenced(_i);
	struct hg_guard *guard = born(new_class(1000), 1);
	uint64_t word = atomic_load(&guard->word);
	struct hg_event event = event_now();
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	ck_assert(!hg_guard_end_private(guard, context, word, HG_CHILDREN_ORPHANED, &event));
	ck_assert_uint_eq(atomic_load(&guard->word), word);
	hg_guard_leave(guard, in);
	ck_assert(hg_guard_end_private(guard, context, word, HG_CHILDREN_ORPHANED, &event));
}
END_TEST

int main(void)
{
	return RUN_FENCED_SUITE(
	    "guard: lives", the_next_life_begins_fresh, who_had_seen_an_older_life_is_known,
	    that_it_is_known_of_a_few_only_is_counted, a_live_value_that_is_handed_out_again_is_reborn,
	    adoption_happens_once_and_is_shared, a_free_that_failed_gives_the_handle_back,
	    a_failed_free_of_an_earlier_life_changes_nothing, a_free_of_a_named_life_never_ends_the_next,
	    of_a_word_that_has_changed_nothing_begins_or_ends,
	    a_life_does_not_end_in_one_step_under_an_op_of_its_own_thread);
}
