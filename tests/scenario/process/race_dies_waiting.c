/* The process ends while a free waits for ops in flight, or an op for its turn: what was seen is told all the same.
 *
 * run: WAY=killed
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     op gate_call in use on user; create gate_open in main; unfinished; deadline 5000
 * recording: clean_exit=false counters.stack-gone=0
 * exit: SIGKILL
 *
 * The thread of an op comes to grief just after it has left, as that of a binding does whose pointer is gone.
 * run: WAY=left
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     op gate_call in use on user; create gate_open in main; unfinished; deadline 5000
 * recording: clean_exit=false counters.stack-gone=0
 * exit: SIGABRT
 *
 * run: WAY=turn
 * finding: overlap till t; call gate_till_touch in touch_till on toucher; op gate_till_wait in wait_till on waiter;
 *     create gate_till_open in die_at_till<main; unfinished; deadline 5000
 * recording: clean_exit=false
 * exit: SIGKILL
 */
#include <signal.h>

#include "scenario.h"

static gate *g;
static sem_t inside, go_on;

static void stay(void *unused)
{
	(void)unused;
	sem_post(&inside);
	CHECK(sem_wait(&go_on) == 0);
}

static void use(void *unused)
{
	CHECK(gate_call(g, stay, unused) == 4);
	abort();
}

static void wait_till(void *till)
{
	gate_till_wait(till);
}

static void touch_till(void *till)
{
	gate_till_touch(till);
}

static void die_at_till(void)
{
	struct side waiter, toucher;
	gate *till = gate_till_open();
	tell("t", till);
	start(&waiter, "waiter", wait_till, till);
	gate_await_parked(till, 1);
	start(&toucher, "toucher", touch_till, till);
	await_drain(&toucher);
	CHECK(raise(SIGKILL) == 0);
}

int main(void)
{
	struct side waiter, user, closer;
	const char *way = getenv("WAY");
	if (strcmp(way, "turn") == 0)
		die_at_till();
	g = gate_open();
	tell("g", g);
	CHECK(sem_init(&inside, 0, 0) == 0 && sem_init(&go_on, 0, 0) == 0);
	start(&waiter, "waiter", wait_in, g);
	start(&user, "user", use, NULL);
	CHECK(sem_wait(&inside) == 0);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	if (strcmp(way, "killed") == 0)
		CHECK(raise(SIGKILL) == 0);
	sem_post(&go_on);
	join(&user);
	fail(__FILE__, __LINE__, "the process ends before this");
}
