/* Handles that stand in no argument, as they are all of a library: the last stop of the organ waits for who is in it,
 * what comes later is late, and its pipes have ended with it; of the lathe two threads are in two functions at once.
 *
 * finding: late-free organ o; call gate_organ_stop in stop on stopper; op gate_organ_wait in wait_in_organ on waiter;
 *     create gate_organ_start in main; drained
 * finding: late-op organ o; call gate_organ_play in main; free gate_organ_stop in stop on stopper;
 *     create gate_organ_start in main
 * finding: late-op pipe p; call gate_pipe_touch in main; free gate_organ_stop in stop on stopper; create gate_pipe_open in main
 * finding: repeat-free organ o; call gate_organ_stop in main; free gate_organ_stop in stop on stopper;
 *     create gate_organ_start in main
 * finding: overlap lathe l; call gate_lathe_turn in main; op gate_lathe_wait in wait_by_lathe on turner; create any
 * recording: handles.organ.created=1 handles.organ.freed=1 handles.pipe.created=1 handles.pipe.freed=1
 */
#include "scenario.h"

static sem_t done, over;

static void wait_in_organ(void *unused)
{
	(void)unused;
	CHECK(gate_organ_wait() == 2);
}

/* It stays till the end, and its name with it. */
static void stop(void *unused)
{
	(void)unused;
	CHECK(gate_organ_stop() == 0);
	sem_post(&done);
	sem_wait(&over);
}

static void wait_by_lathe(void *unused)
{
	(void)unused;
	CHECK(gate_lathe_wait() == 2);
}

int main(void)
{
	struct side waiter, stopper, turner;
	CHECK(sem_init(&done, 0, 0) == 0 && sem_init(&over, 0, 0) == 0);
	tell_number("o", 0);
	tell_number("l", 7);
	CHECK(gate_organ_start(true) == -1 && gate_organ_start(false) == 0 && gate_organ_start(false) == 0);
	gate *pipe = gate_pipe_open();
	tell("p", pipe);
	CHECK(gate_organ_stop() == 0 && gate_organ_play() == 1 && gate_pipe_touch(pipe) == 1);
	start(&waiter, "waiter", wait_in_organ, NULL);
	gate_organ_await_parked();
	start(&stopper, "stopper", stop, NULL);
	await_drain(&stopper);
	CHECK(gate_frees() == 0);
	gate_organ_let_go();
	sem_wait(&done);
	CHECK(gate_organ_play() == -EPIPE && gate_pipe_touch(pipe) == -EPIPE && gate_organ_stop() == -EPIPE);
	start(&turner, "turner", wait_by_lathe, NULL);
	gate_lathe_await_parked();
	CHECK(gate_lathe_turn() == 1);
	gate_lathe_let_go();
	sem_post(&over);
	join(&waiter);
	join(&stopper);
	join(&turner);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
