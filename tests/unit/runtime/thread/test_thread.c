/* Contexts: frames in and out of order, threads that end with and without saying so, contexts that are used again. */
#include <signal.h>

#include "api/start.h"
#include "harness.h"
#include "protocol/in_flight.h"
#include "protocol/tables.h"
#include "protocol/thread_end.h"
#include "thread/cache.h"

static struct hg_guard *guard;

static void begin(void)
{
	start_fenced(0);
	guard = born(new_class(1), 1);
}

static struct hg_frame *push(void)
{
	struct hg_frame frame = frame_for(guard);
	frame.guard = (uint64_t)guard;
	struct hg_frame *in = hg_frame_push(hg_context, &frame);
	ck_assert_ptr_nonnull(in);
	return in;
}

START_TEST(frames_stack)
{
	begin();
	struct hg_frame *one = push(), *two = push();
	ck_assert_ptr_eq(two, one + 1);
	struct hg_frame copy = hg_frame_load(two);
	ck_assert_uint_eq(copy.guard, (uint64_t)guard);
	ck_assert_uint_eq(copy.caller, (uint64_t)frame_for);
	hg_frame_clear(two);
	ck_assert_ptr_eq(push(), two);
	hg_frame_clear(two);
	hg_frame_clear(one);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
}
END_TEST

START_TEST(frames_that_leave_out_of_order_leave_holes_that_close)
{
	begin();
	struct hg_frame *frames[4];
	for (int i = 0; i < 4; i++)
		frames[i] = push();
	hg_frame_clear(frames[1]);
	hg_frame_clear(frames[2]);
	ck_assert(!hg_guard_entered_by(guard, frames[1]));
	ck_assert_ptr_eq(hg_context->top, frames[3] + 1);
	ck_assert_uint_eq(counter(HG_COUNTER_FRAME_NOT_TOP), 2);
	hg_frame_clear(frames[3]);
	ck_assert_ptr_eq(hg_context->top, frames[1]);
	ck_assert_uint_eq(frames[1]->guard, 0);
	hg_frame_clear(frames[0]);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
}
END_TEST

START_TEST(holes_make_room_when_the_stack_is_full)
{
	begin();
	struct hg_frame *frames[HG_FRAMES];
	for (int i = 0; i < HG_FRAMES; i++)
		frames[i] = push();
	/* As the trampoline leaves it: the topmost popped without a look at what is below. */
	hg_frame_clear(frames[HG_FRAMES - 2]);
	frames[HG_FRAMES - 1]->guard = HG_FRAME_HOLE;
	ck_assert_ptr_eq(push(), frames[HG_FRAMES - 2]);
}
END_TEST

START_TEST(holes_in_the_middle_are_used_again_when_the_stack_is_full)
{
	begin();
	struct hg_frame *frames[HG_FRAMES];
	for (int i = 0; i < HG_FRAMES; i++)
		frames[i] = push();
	hg_frame_clear(frames[7]);
	ck_assert_ptr_eq(push(), frames[7]);
	struct hg_frame *more = push();
	ck_assert(hg_frame_is_ours(more));
	ck_assert_ptr_eq(hg_frame_before(hg_context, NULL), more);
	ck_assert_ptr_eq(hg_frame_before(hg_context, more), frames[HG_FRAMES - 1]);
	hg_frame_clear(more);
	ck_assert_ptr_eq(hg_frame_before(hg_context, NULL), frames[HG_FRAMES - 1]);
}
END_TEST

struct crossing {
	struct hg_frame *in;
	struct gate entered, done;
};

static void *enter_here(void *argument)
{
	struct crossing *crossing = argument;
	enter(guard, &crossing->in);
	gate_open(&crossing->entered);
	gate_wait(&crossing->done);
	return hg_context->top == hg_context->base || crossing->in->guard == HG_FRAME_HOLE ? NULL : argument;
}

START_TEST(an_op_may_be_left_by_another_thread)
{
	begin();
	struct crossing crossing = {0};
	pthread_t thread = spawn(enter_here, &crossing);
	gate_wait(&crossing.entered);
	hg_guard_leave(guard, crossing.in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
	gate_open(&crossing.done);
	ck_assert_ptr_null(join(thread));
}
END_TEST

static void *enter_and_end(void *argument)
{
	return enter(guard, argument) == HG_ENTERED ? hg_context : NULL;
}

START_TEST(a_thread_that_ends_takes_its_ops_along)
{
	begin();
	struct hg_frame *in;
	join(spawn(enter_and_end, &in));
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert_uint_eq(result.waited_for, 0);
}
END_TEST

START_TEST(leaving_after_the_threads_end_does_not_touch_its_successors_frame)
{
	begin();
	struct hg_frame *in;
	struct hg_context *first = join(spawn(enter_and_end, &in));
	struct hg_guard *other = born(guard->class, 2), *old = guard;
	struct crossing crossing = {0};
	guard = other;
	pthread_t thread = spawn(enter_here, &crossing);
	gate_wait(&crossing.entered);
	ck_assert_ptr_eq(crossing.in, in);
	ck_assert_ptr_nonnull(first);
	hg_guard_leave(old, in);
	ck_assert(hg_guard_entered_by(other, in));
	gate_open(&crossing.done);
	join(thread);
}
END_TEST

START_TEST(contexts_are_used_again_with_new_serials)
{
	begin();
	struct hg_frame *in;
	struct hg_context *first = join(spawn(enter_and_end, &in));
	uint64_t serial = first->serial;
	ck_assert_ptr_eq(join(spawn(enter_and_end, &in)), first);
	ck_assert_uint_gt(first->serial, serial);
	ck_assert_uint_eq(hg_context_count(), 2);
}
END_TEST

static void *count_and_end(void *unused)
{
	hg_count_class(hg_context_here(), guard->class, HG_CLASS_CREATED);
	return unused;
}

START_TEST(counters_of_the_dead_are_kept)
{
	begin();
	for (int i = 0; i < 5; i++)
		join(spawn(count_and_end, NULL));
	count_and_end(NULL);
	ck_assert_uint_eq(hg_context_count(), 2);
	ck_assert_uint_eq(hg_reader_handles(read_back(), guard->class->index, HG_CLASS_CREATED), 6);
}
END_TEST

/* A thread that is gone without any of its destructors: by the system call. */
static void *vanish(void *argument)
{
	struct crossing *crossing = argument;
	enter(guard, &crossing->in);
	hg_count_class(hg_context, guard->class, HG_CLASS_LEAKED);
	gate_open(&crossing->entered);
	hg_syscall(SYS_exit, 0, 0, 0, 0, 0, 0);
	return NULL;
}

static void await_end_of(uint32_t tid)
{
	while (hg_thread_exists(tid))
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

START_TEST(a_thread_that_vanished_does_not_hold_a_free_up)
{
	begin();
	struct crossing crossing = {0};
	spawn(vanish, &crossing);
	gate_wait(&crossing.entered);
	const struct hg_record_thread *record =
	    (const void *)((char *)crossing.in - offsetof(struct hg_record_thread, frames));
	await_end_of(record->tid);
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 100000);
	ck_assert_int_eq(result.outcome, HG_DRAINED);
	ck_assert_uint_eq(result.waited_for, 0);
	ck_assert_uint_eq(counter(HG_COUNTER_INSPECTION_TIMEOUT), 0);
	ck_assert_uint_eq(record->state, HG_THREAD_GONE);
	ck_assert_uint_eq(hg_reader_handles(read_back(), guard->class->index, HG_CLASS_LEAKED), 1);
}
END_TEST

/* --- ends of threads while others reap --- */

enum { WORKERS = 4, LIVES = 300 };
static _Atomic unsigned wrong;
static _Atomic bool over;

static void *one_life(void *unused)
{
	struct hg_frame *in;
	if (enter(guard, &in) != HG_ENTERED)
		wrong++;
	/* A reaper that took this thread for dead would clear its frame. */
	for (int i = 0; i < 50; i++)
		if (!hg_guard_entered_by(guard, in))
			wrong++;
	hg_guard_leave(guard, in);
	return unused;
}

static void *many_lives(void *unused)
{
	for (int i = 0; i < LIVES; i++)
		join(spawn(one_life, NULL));
	return unused;
}

static void *reap(void *unused)
{
	while (!over)
		if (hg_threads_reap())
			wrong++;
	return unused;
}

START_TEST(buriers_leave_the_living_alone)
{
	begin();
	pthread_t threads[WORKERS], reaper = spawn(reap, NULL);
	for (int i = 0; i < WORKERS; i++)
		threads[i] = spawn(many_lives, NULL);
	for (int i = 0; i < WORKERS; i++)
		join(threads[i]);
	over = true;
	join(reaper);
	ck_assert_uint_eq(wrong, 0);
	ck_assert_uint_le(hg_context_count(), 2 * WORKERS + 4);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
}
END_TEST

/* --- destructors --- */

#ifdef HG_UNDER_TSAN
enum { USED_ROUNDS = PTHREAD_DESTRUCTOR_ITERATIONS - 1 }; /* the sanitizer is gone before the last one */
#else
enum { USED_ROUNDS = PTHREAD_DESTRUCTOR_ITERATIONS };
#endif

static pthread_key_t later;
static _Atomic int rounds, guarded;

static void use_in_destructor(void *argument)
{
	struct hg_frame *in;
	if (enter(guard, &in) == HG_ENTERED) {
		guarded++;
		hg_guard_leave(guard, in);
	}
	if (++rounds < USED_ROUNDS)
		pthread_setspecific(later, argument);
}

static void *arm(void *unused)
{
	struct hg_frame *in;
	enter(guard, &in);
	hg_guard_leave(guard, in);
	pthread_setspecific(later, &later);
	return unused;
}

START_TEST(destructors_up_to_the_last_are_guarded)
{
	begin();
	ck_assert_int_eq(pthread_key_create(&later, use_in_destructor), 0);
	for (int i = 0; i < 20; i++) {
		rounds = guarded = 0;
		join(spawn(arm, NULL));
		ck_assert_int_eq(guarded, USED_ROUNDS);
	}
	hg_threads_reap();
	ck_assert_uint_le(hg_context_count(), 22);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
}
END_TEST

/* --- signal handlers --- */

#ifdef HG_UNDER_TSAN
enum { SIGNALS = 1000 };
#else
enum { SIGNALS = 8000 };
#endif

static _Atomic unsigned handled;

static void handler(int signal)
{
	struct hg_frame *in;
	(void)signal;
	if (enter(guard, &in) != HG_LATE) {
		handled++;
		if (in)
			hg_guard_leave(guard, in);
		else
			hg_guard_leave_frameless(guard);
	}
}

static pthread_t target;

static void *shoot(void *unused)
{
	while (!over)
		pthread_kill(target, SIGUSR1);
	return unused;
}

/* Of one handle, or none. What a handler has changed meanwhile says nothing. */
static bool whole(const struct hg_cache_entry *entry)
{
	unsigned before = handled;
	bool one = !entry->class || (entry->class == entry->guard->class && entry->value == entry->guard->value &&
	                             entry->word == atomic_load(&entry->guard->word));
	return one || handled != before;
}

START_TEST(signal_handlers_may_call_ops_at_any_time)
{
	begin();
	struct sigaction action = {.sa_handler = handler};
	sigaction(SIGUSR1, &action, NULL);
	target = pthread_self();
	/* Both in one entry of the cache: the handler's calls and the interrupted ones keep pushing each other out. */
	const struct hg_cache_entry *entry = hg_cache_at(hg_context, guard->value);
	struct hg_guard *mine = NULL;
	for (uint64_t value = 2; !mine; value++)
		if (hg_cache_at(hg_context, value) == entry)
			mine = born(guard->class, value);
	pthread_t shooter = spawn(shoot, NULL);
	unsigned broken = 0;
	while (handled < SIGNALS) {
		struct hg_frame *in;
		bool entered = enter(mine, &in) == HG_ENTERED;
		broken += !entered || !hg_guard_entered_by(mine, in) || !whole(entry);
		hg_guard_leave(mine, in);
	}
	over = true;
	join(shooter);
	ck_assert_uint_eq(broken, 0);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
}
END_TEST

START_TEST(ops_beyond_all_frames_are_counted_on_the_handle)
{
	begin();
	for (int i = 0; i < HG_FRAMES + HG_FRAMES_MORE; i++)
		push();
	ck_assert_uint_eq(counter(HG_COUNTER_FRAMES_REFUSED), 0);
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED_FRAMELESS);
	ck_assert_uint_eq(counter(HG_COUNTER_FRAMES_REFUSED), 1);
}
END_TEST

/* As many as its count has room for. */
START_TEST(ops_beyond_all_counts_are_counted_once_and_for_all)
{
	begin();
	for (int i = 0; i < HG_FRAMES + HG_FRAMES_MORE; i++)
		push();
	struct hg_frame *in;
	for (int i = 0; i < 16383; i++)
		ck_assert_int_eq(enter(guard, &in), HG_ENTERED_FRAMELESS);
	ck_assert_uint_eq(counter(HG_COUNTER_VISITORS_FULL), 0);
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED_FRAMELESS);
	ck_assert_uint_eq(counter(HG_COUNTER_VISITORS_FULL), 1);
}
END_TEST

/* Each context is another thread's, for all that the runtime knows. */
START_TEST(threads_beyond_all_contexts_are_counted)
{
	unsigned threads = 1;
	begin();
	for (hg_context = NULL; hg_context_here(); hg_context = NULL)
		threads++;
	ck_assert_uint_eq(threads, 32768);
	ck_assert_uint_eq(counter(HG_COUNTER_THREADS_FULL), 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "thread", frames_stack, frames_that_leave_out_of_order_leave_holes_that_close,
	    holes_make_room_when_the_stack_is_full, holes_in_the_middle_are_used_again_when_the_stack_is_full,
	    an_op_may_be_left_by_another_thread, a_thread_that_ends_takes_its_ops_along,
	    leaving_after_the_threads_end_does_not_touch_its_successors_frame, contexts_are_used_again_with_new_serials,
	    counters_of_the_dead_are_kept, a_thread_that_vanished_does_not_hold_a_free_up,
	    buriers_leave_the_living_alone, destructors_up_to_the_last_are_guarded,
	    signal_handlers_may_call_ops_at_any_time, ops_beyond_all_frames_are_counted_on_the_handle,
	    ops_beyond_all_counts_are_counted_once_and_for_all, threads_beyond_all_contexts_are_counted);
}
