/* Handles for one thread at a time: who is let in, who waits, and what is told. */
#include <sched.h>
#include <stdlib.h>

#include "guarded.h"
#include "protocol/in_flight.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  desk: {reject: -7, exclusive: report}\n"                                                                    \
	"  till: {reject: -7, exclusive: serialise, deadline_ms: 60000}\n"                                             \
	"  quick: {reject: -7, exclusive: serialise, deadline_ms: 20}\n"                                               \
	"  diary: {reject: -7, thread: creator}\n"                                                                     \
	"functions:\n"                                                                                                 \
	"  desk_call: {op: {desk: 0}}\n"                                                                               \
	"  desk_wake: {op: {desk: 0}, concurrent: true}\n"                                                             \
	"  till_call: {op: {till: 0}}\n"                                                                               \
	"  till_wake: {op: {till: 0}, concurrent: true}\n"                                                             \
	"  till_close: {free: {till: 0}}\n"                                                                            \
	"  quick_call: {op: {quick: 0}}\n"                                                                             \
	"  diary_open: {create: diary}\n"                                                                              \
	"  diary_call: {op: {diary: 0}}\n"
enum { DESK, TILL, QUICK, DIARY };

static _Atomic unsigned within, most_within, reached, freed;

/* Calls back, if it is asked to. */
static uint64_t call_real(uint64_t a, uint64_t callback, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)c, (void)d, (void)e, (void)f;
	unsigned now = ++within;
	reached++;
	if (now > most_within)
		most_within = now;
	if (callback)
		((void (*)(uint64_t))callback)(a);
	within--;
	return a;
}

static uint64_t free_real(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)b, (void)c, (void)d, (void)e, (void)f;
	freed++;
	return a;
}

static void set_up(void)
{
	static const char *const names[] = {"desk_call",  "desk_wake",  "till_call", "till_wake",
	                                    "quick_call", "diary_open", "diary_call"};
	start_guarded(MANIFEST);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		bind_function(names[i], call_real);
	bind_function("till_close", free_real);
}

static struct gate inside, go_on;

static void stand_still(uint64_t handle)
{
	(void)handle;
	gate_open(&inside);
	gate_wait(&go_on);
}

static void *stay_in(void *name)
{
	return (void *)call_function(name, (const uint64_t[ARGUMENTS]){10, (uint64_t)stand_still});
}

static void *call_it(void *name)
{
	return (void *)call_function(name, (const uint64_t[ARGUMENTS]){10});
}

static pthread_t user_of(const char *name)
{
	pthread_t user = spawn(stay_in, (char *)name);
	gate_wait(&inside);
	return user;
}

static void leave(pthread_t user)
{
	gate_open(&go_on);
	join(user);
}

START_TEST(two_threads_in_one_handle_are_told)
{
	set_up();
	pthread_t user = user_of("desk_call");
	ck_assert_uint_eq(CALL("desk_call", 10), 10);
	leave(user);
	ck_assert_uint_eq(most_within, 2);
	ck_assert_uint_eq(findings_of(HG_KIND_OVERLAP, NULL), 1);
}
END_TEST

START_TEST(what_may_run_beside_others_is_not_told)
{
	set_up();
	pthread_t user = user_of("desk_call");
	ck_assert_uint_eq(CALL("desk_wake", 10), 10);
	leave(user);
	ck_assert_uint_eq(findings_of(HG_KIND_OVERLAP, NULL), 0);
}
END_TEST

START_TEST(beside_what_may_run_beside_others_one_is_alone)
{
	set_up();
	pthread_t user = user_of("desk_wake");
	ck_assert_uint_eq(CALL("desk_call", 10), 10);
	leave(user);
	ck_assert_uint_eq(most_within, 2);
	ck_assert_uint_eq(findings_of(HG_KIND_OVERLAP, NULL), 0);
}
END_TEST

static void call_again(uint64_t handle)
{
	CALL("desk_call", handle);
}

START_TEST(a_thread_may_come_in_again_and_hand_over)
{
	set_up();
	CALL("desk_call", 10, (uint64_t)call_again);
	join(spawn(call_it, (char *)"desk_call"));
	CALL("desk_call", 10);
	ck_assert_uint_eq(reached, 4);
	ck_assert_uint_eq(findings_of(HG_KIND_OVERLAP, NULL), 0);
}
END_TEST

/* Bit 0: somebody waits for their turn. */
static void await_waiting(unsigned class)
{
	while (!(atomic_load(&hg_guard_more(guard_of(class, 10))->user) & 1))
		sched_yield();
}

START_TEST(a_second_thread_waits_for_its_turn)
{
	set_up();
	pthread_t user = user_of("till_call"), second = spawn(call_it, (char *)"till_call");
	await_waiting(TILL);
	ck_assert_uint_eq(reached, 1);
	ck_assert_uint_eq(CALL("till_wake", 10), 10);
	leave(user);
	ck_assert_uint_eq((uint64_t)join(second), 10);
	ck_assert_uint_eq(reached, 3);
	ck_assert_uint_eq(findings_of(HG_KIND_OVERLAP, NULL), 1);
	ck_assert(!hg_in_flight(guard_of(TILL, 10)));
	ck_assert_uint_eq(atomic_load(&hg_guard_more(guard_of(TILL, 10))->user) >> 35 & 1, 1); /* idle */
}
END_TEST

START_TEST(who_waits_beyond_the_deadline_is_let_in)
{
	set_up();
	pthread_t user = user_of("quick_call");
	ck_assert_uint_eq(CALL("quick_call", 10), 10);
	ck_assert_uint_eq(most_within, 2);
	leave(user);
}
END_TEST

static void *close_it(void *unused)
{
	(void)unused;
	return (void *)CALL("till_close", 10);
}

START_TEST(a_free_rejects_who_waits)
{
	set_up();
	pthread_t user = user_of("till_call"), second = spawn(call_it, (char *)"till_call");
	await_waiting(TILL);
	pthread_t closer = spawn(close_it, NULL);
	ck_assert_int_eq((int)(intptr_t)join(second), -7);
	ck_assert_uint_eq(freed, 0);
	leave(user);
	join(closer);
	ck_assert_uint_eq(freed, 1);
	ck_assert_uint_eq(reached, 1);
}
END_TEST

START_TEST(only_observed_nobody_waits)
{
	setenv("HANDLEGUARD_MODE", "observe", 1);
	set_up();
	pthread_t user = user_of("till_call");
	ck_assert_uint_eq(CALL("till_call", 10), 10);
	leave(user);
	const struct hg_record_finding *told;
	ck_assert_uint_eq(most_within, 2);
	ck_assert_uint_eq(findings_of(HG_KIND_OVERLAP, &told), 1);
	ck_assert_uint_eq(hg_finding_outcome(told).drain_ticks, 0);
}
END_TEST

START_TEST(another_thread_than_the_creators_is_told)
{
	set_up();
	CALL("diary_open", 10);
	CALL("diary_call", 10);
	ck_assert_uint_eq(findings_of(HG_KIND_WRONG_THREAD, NULL), 0);
	ck_assert_uint_eq((uint64_t)join(spawn(call_it, (char *)"diary_call")), 10);
	ck_assert_uint_eq(findings_of(HG_KIND_WRONG_THREAD, NULL), 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: exclusive handles", two_threads_in_one_handle_are_told,
	                 what_may_run_beside_others_is_not_told, beside_what_may_run_beside_others_one_is_alone,
	                 a_thread_may_come_in_again_and_hand_over, a_second_thread_waits_for_its_turn,
	                 who_waits_beyond_the_deadline_is_let_in, a_free_rejects_who_waits, only_observed_nobody_waits,
	                 another_thread_than_the_creators_is_told);
}
