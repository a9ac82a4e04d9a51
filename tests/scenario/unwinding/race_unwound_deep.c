/* Threads end inside ops, less simply: inside an op inside an op; inside one whose handle another thread waits for; by
 * a cancellation that strikes between any two instructions. Each op is left, and who waited goes on.
 *
 * finding: unwound gate outer; call gate_call in exit_deep on exiter; create gate_open in main
 * finding: unwound gate inner; call gate_call in exit_deeper on exiter; create gate_open in main
 * finding: unwound till t; call gate_till_call in hold on holder; create gate_till_open in main
 * finding: overlap till t; call gate_till_touch in take_turn on waiter; op gate_till_call in hold on holder;
 *     create gate_till_open in main; drained; serialised; deadline 5000
 * finding: unwound gate spun; call gate_call in be_cancelled on cancelled; create gate_open in main
 * recording: handles.gate.freed=3 handles.till.freed=1
 */
#include "scenario.h"

static gate *outer, *inner;
static sem_t inside, go_on;

static void leave_thread(void *unused)
{
	pthread_exit(unused);
}

static void exit_deeper(void *unused)
{
	gate_call(inner, leave_thread, unused);
}

static void exit_deep(void *unused)
{
	gate_call(outer, exit_deeper, unused);
}

static void leave_when_told(void *unused)
{
	sem_post(&inside);
	sem_wait(&go_on);
	pthread_exit(unused);
}

static void hold(void *till)
{
	gate_till_call(till, leave_when_told, NULL);
}

static void take_turn(void *till)
{
	CHECK(gate_till_touch(till) == 1);
}

static void spin(void *unused)
{
	(void)unused;
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	sem_post(&inside);
	for (;;)
		;
}

static void be_cancelled(void *g)
{
	gate_call(g, spin, NULL);
}

static void exit_inside_two(void)
{
	struct side exiter;
	start(&exiter, "exiter", exit_deep, NULL);
	join(&exiter);
	gate_close(outer);
	gate_close(inner);
}

static void exit_before_another(gate *till)
{
	struct side holder, waiter;
	start(&holder, "holder", hold, till);
	sem_wait(&inside);
	start(&waiter, "waiter", take_turn, till);
	await_drain(&waiter);
	sem_post(&go_on);
	join(&holder);
	join(&waiter);
	gate_till_close(till);
}

static void cancel_anywhere(gate *g)
{
	struct side cancelled;
	start(&cancelled, "cancelled", be_cancelled, g);
	sem_wait(&inside);
	CHECK(pthread_cancel(cancelled.thread) == 0);
	join(&cancelled);
	gate_close(g);
}

int main(void)
{
	gate *till = gate_till_open(), *spun = gate_open();
	outer = gate_open();
	inner = gate_open();
	tell("outer", outer);
	tell("inner", inner);
	tell("t", till);
	tell("spun", spun);
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	exit_inside_two();
	exit_before_another(till);
	cancel_anywhere(spun);
	CHECK(gate_frees() == 4);
	return 0;
}
