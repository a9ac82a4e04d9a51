/* The end of the process is held up for a moment only: an op that does not leave is told, and the handler is run all
 * the same. Nor is it ever left out: not by a call that ends inside an op of its own, either, which is told of nothing.
 *
 * finding: drain-timeout wisp any; call exit_handler in main; op gate_wisp_wait in wait_by on waiter; all; drained; passed
 * recording: handles.wisp.created=1 handles.wisp.freed=1 handles.wisp.live=0
 * exit: 7
 *
 * run: INSIDE=1
 * recording: handles.wisp.created=1 handles.wisp.freed=1 handles.wisp.live=0
 * exit: 7
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: late-free wisp any; call exit_handler in main; op gate_wisp_wait in wait_by on waiter; all
 * recording: handles.wisp.created=1 handles.wisp.freed=1 handles.wisp.live=0
 * exit: 7
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: drain-timeout wisp any; call exit_handler in main; op gate_wisp_wait in wait_by on waiter; all; drained; passed
 * stderr: drain-timeout of a wisp
 * exit: SIGABRT
 */
#include "scenario.h"

static void wait_by(void *wisp)
{
	gate_wisp_wait(wisp);
}

static void end(void *unused)
{
	(void)unused;
	exit(7);
}

static void look(void)
{
	CHECK(gate_frees() == 1);
}

int main(void)
{
	static struct side waiter;
	CHECK(atexit(look) == 0);
	gate *wisp = gate_wisp_open();
	if (getenv("INSIDE"))
		gate_wisp_call(wisp, end, NULL);
	start(&waiter, "waiter", wait_by, wisp);
	gate_await_parked(wisp, 1);
	exit(7);
}
