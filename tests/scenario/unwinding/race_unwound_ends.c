/* Threads end inside calls that begin and end handles. What was to be made was not; what was being ended stays so: it
 * is neither freed again nor used. Nothing stays in flight, and other handles are as ever.
 *
 * finding: unwound gate ended; call gate_close_with in exit_while_closing on closer; create gate_open in main
 * finding: late-op gate ended; call gate_touch in main; free gate_close_with in exit_while_closing on closer;
 *     create gate_open in main
 * finding: repeat-free gate ended; call gate_close in close_it; free gate_close_with in exit_while_closing on closer;
 *     create gate_open in main
 * recording: handles.gate.created=2 calls.gate_open_with=2
 */
#include "scenario.h"

static void leave_thread(void *unused)
{
	pthread_exit(unused);
}

static void stay(void *unused)
{
	(void)unused;
}

static void exit_while_opening(void *unused)
{
	gate_open_with(leave_thread, unused);
}

static void exit_while_closing(void *g)
{
	gate_close_with(g, leave_thread, NULL);
}

int main(void)
{
	struct side side;
	gate *ended = gate_open();
	tell("ended", ended);
	start(&side, "opener", exit_while_opening, NULL);
	join(&side);
	start(&side, "closer", exit_while_closing, ended);
	join(&side);
	CHECK(gate_touch(ended) == -EPIPE);
	close_it(ended);
	gate *other = gate_open_with(stay, NULL);
	CHECK(gate_touch(other) == 1);
	gate_close_with(other, stay, NULL);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
