/* The same as race_overlap.c, where the thread has been in ops of the handle before: then its op takes the fast path.
 * Whoever comes meanwhile meets it, and it meets who is there. Who overlaps more than once is told of once, as long as
 * nobody else comes.
 *
 * finding: overlap desk d; call gate_desk_touch in touch_often<touch_it on toucher; op gate_desk_wait in main;
 *     create gate_desk_open in main
 * finding: overlap desk d; call gate_desk_touch in main; op gate_desk_call in call_it on caller;
 *     create gate_desk_open in main
 * recording: handles.desk.created=1 handles.desk.freed=1 counters.frame-not-top=0
 */
#include "scenario.h"

enum { TIMES = 3 };

static gate *desk;

static void touch_often(void)
{
	for (int i = 0; i < TIMES; i++)
		CHECK(gate_desk_touch(desk) == 1);
}

static void touch_it(void *unused)
{
	(void)unused;
	gate_await_parked(desk, 1);
	touch_often();
	CHECK(gate_overlaps() == TIMES);
	CHECK(gate_desk_wake(desk) == 3);
}

static sem_t in, go_on;

static void stay(void *unused)
{
	(void)unused;
	sem_post(&in);
	CHECK(sem_wait(&go_on) == 0);
}

static void call_it(void *unused)
{
	CHECK(gate_desk_call(desk, stay, unused) == 4);
}

int main(void)
{
	struct side toucher, caller;
	CHECK(sem_init(&in, 0, 0) == 0 && sem_init(&go_on, 0, 0) == 0);
	desk = gate_desk_open();
	tell("d", desk);
	touch_often();
	start(&toucher, "toucher", touch_it, NULL);
	CHECK(gate_desk_wait(desk) == 2);
	join(&toucher);
	touch_often();
	start(&caller, "caller", call_it, NULL);
	CHECK(sem_wait(&in) == 0);
	CHECK(gate_desk_touch(desk) == 1);
	sem_post(&go_on);
	join(&caller);
	CHECK(gate_overlaps() == TIMES + 1);
	gate_desk_close(desk);
	return 0;
}
