/* The protocol under load: many rounds, all at once, no step known. What the ops touch is atomic, so that a breach of
 * the protocol is a wrong value and not undefined behaviour. */
#include <sched.h>
#include <signal.h>

#include "api/start.h"
#include "harness.h"
#include "protocol/life.h"

#ifdef HG_UNDER_TSAN
enum { ROUNDS = 300 };
#else
enum { ROUNDS = 3000 };
#endif
enum { OPERATORS = 2, FREERS = 2, ACTORS = OPERATORS + FREERS };
enum { LIVING = 1, DEAD = 2 };

static struct field {
	const struct hg_class *class;
	struct hg_guard *guard;
	struct hg_guard *op_guard; /* what ops enter: the guard, or a child of it */
	enum hg_free_how how;
	bool deferrable;
	pthread_barrier_t begin, end;
	_Atomic unsigned body; /* what a real free would take away */
	_Atomic unsigned real_frees;
	_Atomic unsigned wins;
	_Atomic unsigned breaches;
	_Atomic unsigned entered, late;
} field;

static void real_free(struct hg_pending *unused)
{
	(void)unused;
	if (atomic_exchange(&field.body, DEAD) != LIVING)
		atomic_fetch_add(&field.breaches, 1);
	atomic_fetch_add(&field.real_frees, 1);
}

static struct hg_pending *prepare(struct hg_guard *guard, void *argument)
{
	static struct hg_pending pending = {.run = real_free};
	(void)guard;
	(void)argument;
	return &pending;
}

/* Ops until one comes too late. */
static void operate(void)
{
	struct hg_frame *in;
	while (enter(field.op_guard, &in) == HG_ENTERED) {
		atomic_fetch_add(&field.entered, 1);
		for (int i = 0; i < 3; i++)
			if (atomic_load(&field.body) != LIVING)
				atomic_fetch_add(&field.breaches, 1);
		hg_guard_leave(field.op_guard, in);
	}
	atomic_fetch_add(&field.late, 1);
}

static void end_life(void)
{
	struct hg_free_result result =
	    hg_guard_begin_free(field.guard, hg_context_here(),
	                        &(struct hg_free_request){.how = field.how,
	                                                  .deadline_ns = UINT64_C(100000000000),
	                                                  .event = (struct hg_event[]){event_now()},
	                                                  .prepare = field.deferrable ? prepare : NULL});
	if (result.outcome == HG_DRAINED)
		real_free(NULL);
	if (result.outcome == HG_TIMED_OUT)
		atomic_fetch_add(&field.breaches, 1);
	if (result.outcome != HG_ALREADY_FREEING)
		atomic_fetch_add(&field.wins, 1);
}

static void *actor(void *argument)
{
	uint64_t number = (uint64_t)argument;
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&field.begin);
		if (number < OPERATORS)
			operate();
		else
			end_life();
		pthread_barrier_wait(&field.end);
	}
	return NULL;
}

static void new_round(struct hg_guard *parent)
{
	struct hg_event event = event_now();
	atomic_store(&field.body, LIVING);
	atomic_store(&field.real_frees, 0);
	atomic_store(&field.wins, 0);
	hg_guard_create(field.guard, hg_context_here(), &event, NULL);
	if (parent)
		hg_guard_create(field.op_guard, hg_context_here(), &event, parent);
}

static void all_rounds(bool through_child)
{
	pthread_t threads[ACTORS];
	field.class = new_flagged_class(100000, through_child ? HG_CLASS_PARENT : 0);
	field.op_guard = field.guard = hg_table_obtain(field.class, 1);
	if (through_child)
		field.op_guard = hg_table_obtain(field.class, 2);
	pthread_barrier_init(&field.begin, NULL, ACTORS + 1);
	pthread_barrier_init(&field.end, NULL, ACTORS + 1);
	for (uint64_t i = 0; i < ACTORS; i++)
		threads[i] = spawn(actor, (void *)i);
	for (int round = 0; round < ROUNDS; round++) {
		new_round(through_child ? field.guard : NULL);
		pthread_barrier_wait(&field.begin);
		pthread_barrier_wait(&field.end);
		ck_assert_uint_eq(atomic_load(&field.wins), 1);
		ck_assert_uint_eq(atomic_load(&field.real_frees), 1);
		ck_assert_uint_eq(atomic_load(&field.breaches), 0);
	}
	for (int i = 0; i < ACTORS; i++)
		join(threads[i]);
	ck_assert_uint_eq(atomic_load(&field.late), OPERATORS * ROUNDS);
	ck_assert_uint_gt(atomic_load(&field.entered), 0);
}

START_TEST(a5_one_free_wins_and_no_op_meets_it)
{
	start_fenced(_i);
	field.how = HG_FREE_WAIT;
	all_rounds(false);
}
END_TEST

START_TEST(a_deferred_free_runs_exactly_once)
{
	start_fenced(_i);
	field.how = HG_FREE_DEFER;
	field.deferrable = true;
	all_rounds(false);
}
END_TEST

/* Ops on the child go on until they see that the parent's free has begun. */
START_TEST(a_parents_free_waits_for_its_childs_ops)
{
	start_fenced(_i);
	field.how = HG_FREE_WAIT;
	all_rounds(true);
}
END_TEST

START_TEST(a_parents_deferred_free_is_run_by_its_childs_last_op)
{
	start_fenced(_i);
	field.how = HG_FREE_DEFER;
	field.deferrable = true;
	all_rounds(true);
}
END_TEST

/* Threads make, use and free handles whose values go from thread to thread, as addresses do: nobody waits for anybody,
 * and what another thread remembers of an earlier life is of no use. */
enum { PLACES = 8 };

static _Atomic bool taken[PLACES];
static _Atomic unsigned wrong;

static void one_life(struct hg_guard *guard)
{
	struct hg_event event = event_now();
	struct hg_frame *in;
	wrong += hg_guard_create(guard, hg_context_here(), &event, NULL) != HG_BORN;
	for (int i = 0; i < 2; i++) {
		wrong += enter(guard, &in) != HG_ENTERED;
		hg_guard_leave(guard, in);
	}
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1000);
	wrong += result.outcome != HG_DRAINED || result.waited_for;
	wrong += enter(guard, &in) != HG_LATE;
}

static void *churn(void *unused)
{
	(void)unused;
	for (uint64_t i = 0, place = hg_context_here()->serial; i < ROUNDS; place++) {
		if (atomic_exchange(&taken[place % PLACES], true))
			continue;
		one_life(hg_table_obtain(field.class, place % PLACES));
		atomic_store(&taken[place % PLACES], false);
		i++;
	}
	return NULL;
}

START_TEST(private_guards_come_and_go)
{
	start_fenced(_i);
	pthread_t threads[ACTORS];
	field.class = new_class(1000);
	for (int i = 0; i < ACTORS; i++)
		threads[i] = spawn(churn, NULL);
	for (int i = 0; i < ACTORS; i++)
		join(threads[i]);
	ck_assert_uint_eq(wrong, 0);
}
END_TEST

/* A free inside an op of the same handle: left to the outermost op of that thread, also while others are in flight. */
static _Atomic unsigned reentrant;

static void *enter_and_free(void *unused)
{
	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		struct hg_frame *outer, *inner;
		pthread_barrier_wait(&field.begin);
		if (enter(field.guard, &outer) == HG_ENTERED) {
			bool nested = enter(field.guard, &inner) == HG_ENTERED;
			struct hg_free_result result =
			    hg_guard_begin_free(field.guard, hg_context_here(),
			                        &(struct hg_free_request){.how = HG_FREE_WAIT,
			                                                  .deadline_ns = 1,
			                                                  .event = (struct hg_event[]){event_now()},
			                                                  .prepare = prepare});
			if (result.outcome == HG_DEFERRED)
				atomic_fetch_add(&field.wins, 1);
			reentrant += result.outcome == HG_DEFERRED && result.reentrant;
			if (atomic_load(&field.body) != LIVING)
				atomic_fetch_add(&field.breaches, 1);
			if (nested)
				hg_guard_leave(field.guard, inner);
			if (atomic_load(&field.body) != LIVING)
				atomic_fetch_add(&field.breaches, 1);
			hg_guard_leave(field.guard, outer);
		}
		pthread_barrier_wait(&field.end);
	}
	return NULL;
}

START_TEST(reentrant_frees_are_left_to_the_last_op)
{
	start_fenced(_i);
	pthread_t threads[ACTORS];
	field.op_guard = field.guard = hg_table_obtain(new_class(1000), 1);
	pthread_barrier_init(&field.begin, NULL, ACTORS + 1);
	pthread_barrier_init(&field.end, NULL, ACTORS + 1);
	for (int i = 0; i < ACTORS; i++)
		threads[i] = spawn(enter_and_free, NULL);
	for (int round = 0; round < ROUNDS; round++) {
		new_round(NULL);
		pthread_barrier_wait(&field.begin);
		pthread_barrier_wait(&field.end);
		ck_assert_uint_eq(atomic_load(&field.wins), 1);
		ck_assert_uint_eq(atomic_load(&field.real_frees), 1);
		ck_assert_uint_eq(atomic_load(&field.breaches), 0);
	}
	for (int i = 0; i < ACTORS; i++)
		join(threads[i]);
	ck_assert_uint_eq(reentrant, ROUNDS);
}
END_TEST

/* --- a free inside a free that waits --- */

static struct hg_guard *outer, *inner;
static struct hg_context *_Atomic waiting;
static struct gate handled;

static void free_inner(int signal)
{
	(void)signal;
	begin_free(inner, HG_FREE_WAIT, 1);
	gate_open(&handled);
}

static void *free_outer(void *unused)
{
	(void)unused;
	atomic_store(&waiting, hg_context_here());
	ck_assert_int_eq(begin_free(outer, HG_FREE_WAIT, 10000).outcome, HG_DRAINED);
	return NULL;
}

START_TEST(a_free_that_waits_still_says_for_what_after_a_handlers_has_waited)
{
	struct hg_frame *on_outer, *on_inner;
	struct hg_context *other;
	start_fenced(_i);
	const struct hg_class *class = new_class(1000);
	outer = born(class, 1);
	inner = born(class, 2);
	ck_assert_int_eq(enter(outer, &on_outer), HG_ENTERED);
	ck_assert_int_eq(enter(inner, &on_inner), HG_ENTERED);
	signal(SIGUSR1, free_inner);
	pthread_t thread = spawn(free_outer, NULL);
	while (!(other = atomic_load(&waiting)) || !atomic_load(&other->draining))
		sched_yield();
	pthread_kill(thread, SIGUSR1);
	gate_wait(&handled);
	ck_assert_ptr_eq(atomic_load(&other->draining), outer);
	hg_guard_leave(inner, on_inner);
	hg_guard_leave(outer, on_outer);
	join(thread);
}
END_TEST

int main(void)
{
	return RUN_FENCED_SUITE("guard_threads", a5_one_free_wins_and_no_op_meets_it, a_deferred_free_runs_exactly_once,
	                        a_parents_free_waits_for_its_childs_ops,
	                        a_parents_deferred_free_is_run_by_its_childs_last_op, private_guards_come_and_go,
	                        reentrant_frees_are_left_to_the_last_op,
	                        a_free_that_waits_still_says_for_what_after_a_handlers_has_waited);
}
