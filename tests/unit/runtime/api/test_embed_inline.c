/* handleguard.h, where ops are entered and left in their library's own code: which are, and that races find no gap in
 * it. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "api/handleguard.h"
#include "api/start.h"
#include "filter.h"
#include "harness.h"
#include "protocol/in_flight.h"

static handleguard_class streams = {.name = "stream", .deadline_ms = 100000};
static handleguard *guard;

#ifdef HANDLEGUARD_CALLS
enum { IN_PLACE = 0 }; /* as the thread sanitizer wants it */
#else
enum { IN_PLACE = 1 };
#endif

/* Of one place, that of all ops here. */
static bool op_begins(handleguard_op *op)
{
	return HANDLEGUARD_ENTER(guard, op);
}

/* Whether the runtime was not asked. */
static bool is_in_place(const handleguard_op *op)
{
	return (uintptr_t)op->frame & 1;
}

/* Whether an op is entered in place; which it leaves again. */
static bool goes_in_place(void)
{
	handleguard_op op;
	ck_assert(op_begins(&op));
	bool in_place = is_in_place(&op);
	handleguard_leave(&op);
	return in_place;
}

static void begin(int way)
{
	start_fenced(way);
	guard = HANDLEGUARD_CREATE(&streams, 0x5000);
	ck_assert_ptr_nonnull(guard);
	ck_assert(!goes_in_place()); /* the place is not known yet */
}

START_TEST(who_made_a_handle_enters_it_in_place)
{
	begin(_i);
	ck_assert_int_eq(goes_in_place(), _i && IN_PLACE);
	ck_assert_int_eq(goes_in_place(), _i && IN_PLACE);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
}
END_TEST

static void *use_twice(void *second)
{
	bool first = goes_in_place();
	*(bool *)second = goes_in_place();
	ck_assert(!first);
	return NULL;
}

START_TEST(who_has_met_a_handle_enters_it_in_place)
{
	bool second;
	begin(_i);
	join(spawn(use_twice, &second));
	ck_assert_int_eq(second, _i && IN_PLACE);
	/* It is not its maker's alone any more. */
	ck_assert(!goes_in_place());
	ck_assert_int_eq(goes_in_place(), _i && IN_PLACE);
}
END_TEST

static void *make_anew(void *unused)
{
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	guard = HANDLEGUARD_CREATE(&streams, 0x5000);
	return unused;
}

START_TEST(the_next_life_of_a_value_is_another_threads_own)
{
	begin(_i);
	goes_in_place();
	join(spawn(make_anew, NULL));
	ck_assert(hg_word_private(((struct hg_guard *)guard)->word));
	ck_assert(!goes_in_place());
	ck_assert(!hg_word_private(((struct hg_guard *)guard)->word));
	ck_assert_int_eq(goes_in_place(), _i && IN_PLACE);
}
END_TEST

static __attribute__((noinline)) uint64_t here(void)
{
	return (uint64_t)__builtin_return_address(0);
}

static bool is_near(uint64_t one, uint64_t other)
{
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
	enum { FUNCTION = 9 << 10 }; /* so large is the test with its checks in it */
#else
	enum { FUNCTION = 4 << 10 };
#endif
	return one - other < FUNCTION || other - one < FUNCTION;
}

START_TEST(a_frame_says_where_its_op_stands)
{
	handleguard_op op;
	start();
	guard = HANDLEGUARD_CREATE(&streams, 0x5000);
	for (int i = 0; i < 2; i++) {
		ck_assert(HANDLEGUARD_ENTER(guard, &op));
		struct hg_frame *frame = (struct hg_frame *)((uintptr_t)op.frame & ~(uintptr_t)1);
		ck_assert_int_eq(is_in_place(&op), i && IN_PLACE);
		ck_assert_uint_eq(frame->guard, (uint64_t)guard);
		ck_assert_uint_eq(frame->value, 0x5000);
		ck_assert(is_near(frame->caller, here()));
		ck_assert_uint_eq(frame->caller_fp, (uint64_t)__builtin_frame_address(0));
		ck_assert(frame->fp & 1 && frame->fp <= (uint64_t)__builtin_frame_address(0));
		ck_assert_str_eq(((handleguard_site *)frame->slot)->name, __func__);
		handleguard_leave(&op);
	}
}
END_TEST

/* As in a sandbox, from now on. */
static void refuse_membarrier(void)
{
	static const struct filtered_call none = {.number = SYS_membarrier, .action = SECCOMP_RET_ERRNO | EPERM};
	ck_assert_int_eq(filter_call(&none, 0), 0);
}

static pthread_barrier_t together;

static void *use_before_and_after(void *unused)
{
	goes_in_place();
	ck_assert_int_eq(goes_in_place(), IN_PLACE);
	handleguard_op op;
	ck_assert(op_begins(&op));
	pthread_barrier_wait(&together);
	pthread_barrier_wait(&together);
	handleguard_leave(&op);
	ck_assert(!goes_in_place() && !goes_in_place());
	return unused;
}

/* A filter may be installed at any time. */
START_TEST(nothing_is_entered_in_place_once_membarrier_is_lost)
{
	begin(1);
	pthread_barrier_init(&together, NULL, 2);
	pthread_t other = spawn(use_before_and_after, NULL);
	pthread_barrier_wait(&together);
	refuse_membarrier();
	hg_fence_heavy();
	pthread_barrier_wait(&together);
	join(other);
	ck_assert(!goes_in_place() && !goes_in_place());
	ck_assert(!hg_in_flight((struct hg_guard *)guard));
}
END_TEST

enum { ROUNDS = 150 };

static _Atomic bool torn_down, wrong;

static void use_till_the_end(void)
{
	for (handleguard_op op; op_begins(&op); handleguard_leave(&op))
		if (torn_down)
			wrong = true;
}

static void *free_it(void *unused)
{
	pthread_barrier_wait(&together);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	torn_down = true;
	pthread_barrier_wait(&together);
	/* A life of this thread's own, which the other one has not met. */
	guard = HANDLEGUARD_CREATE(&streams, 0x5000);
	torn_down = false;
	pthread_barrier_wait(&together);
	ck_assert_int_eq(HANDLEGUARD_BEGIN_FREE(guard), HANDLEGUARD_DRAINED);
	torn_down = true;
	return unused;
}

/* The one makes the handle and the other frees it, then the other way round, while the first uses it. */
START_TEST(no_op_is_in_when_the_free_of_another_thread_has_drained)
{
	setenv("HANDLEGUARD_REPEAT_LIMIT", "1", 1);
	start_fenced(_i);
	pthread_barrier_init(&together, NULL, 2);
	for (int round = 0; round < ROUNDS; round++) {
		torn_down = false;
		guard = HANDLEGUARD_CREATE(&streams, 0x5000);
		pthread_t other = spawn(free_it, NULL);
		pthread_barrier_wait(&together);
		use_till_the_end();
		pthread_barrier_wait(&together);
		pthread_barrier_wait(&together);
		use_till_the_end();
		join(other);
	}
	ck_assert(!wrong);
}
END_TEST

enum { SIGNALS = 500 };

static handleguard *interrupting;
static _Atomic unsigned handled, refused;
static _Atomic bool over;

/* More handles than one, which push each other out of what the thread remembers. */
static void handle(int number)
{
	(void)number;
	handleguard_op outer, inner;
	bool in = HANDLEGUARD_ENTER(interrupting, &outer);
	bool in_both = HANDLEGUARD_ENTER(guard, &inner);
	refused += !in || !in_both;
	handleguard_leave(&inner);
	handleguard_leave(&outer);
	handled++;
}

static void *disturb(void *thread)
{
	for (unsigned i = 0; i < SIGNALS; i++) {
		pthread_kill(*(pthread_t *)thread, SIGUSR1);
		while (handled <= i)
			sched_yield();
	}
	over = true;
	return NULL;
}

START_TEST(signal_handlers_may_enter_at_any_moment)
{
	begin(_i);
	interrupting = HANDLEGUARD_CREATE(&streams, 0x6000);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = handle}, NULL);
	pthread_t self = pthread_self(), other = spawn(disturb, &self);
	uint64_t ops = 1;
	for (handleguard_op op; !over; ops++) {
		ck_assert(op_begins(&op));
		handleguard_leave(&op);
	}
	join(other);
	ck_assert_uint_eq(refused, 0);
	ck_assert(!hg_in_flight((struct hg_guard *)guard) && !hg_in_flight((struct hg_guard *)interrupting));
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
	ck_assert_uint_eq(hg_reader_calls(read_back(), 1), ops);
}
END_TEST

int main(void)
{
	return RUN_FENCED_SUITE(
	    "embed_inline", who_made_a_handle_enters_it_in_place, who_has_met_a_handle_enters_it_in_place,
	    the_next_life_of_a_value_is_another_threads_own, a_frame_says_where_its_op_stands,
	    nothing_is_entered_in_place_once_membarrier_is_lost,
	    no_op_is_in_when_the_free_of_another_thread_has_drained, signal_handlers_may_enter_at_any_moment);
}
