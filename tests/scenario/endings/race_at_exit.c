/* As the process ends, a handler at exit of the library's ends all that is left of a class: it waits for an op in
 * flight, and calls that come later are late. What the program has registered itself comes before or after, as ever.
 *
 * finding: late-free wisp any; call exit_handler in main; op gate_wisp_wait in wait_by on waiter; all; drained
 * finding: late-op wisp b; call gate_wisp_touch in touch_late<main; free exit_handler in main; create gate_wisp_open in main
 * finding: repeat-free wisp a; call gate_wisp_close in touch_late<main; free exit_handler in main; create gate_wisp_open in main
 * recording: handles.wisp.created=2 handles.wisp.freed=2 handles.wisp.live=0 calls.exit_handler=1
 */
#include "scenario.h"

static gate *a, *b;

static void wait_by(void *wisp)
{
	CHECK(gate_wisp_wait(wisp) == 2);
	pause();
}

static void let_go(void *ender)
{
	await_drain(ender);
	gate_let_go(a);
	pause();
}

static void touch_late(void)
{
	CHECK(gate_frees() == 2 && gate_wisp_touch(b) == -EPIPE);
	gate_wisp_close(a);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
}

static void touch_early(void)
{
	CHECK(gate_wisp_touch(b) == 1);
}

int main(void)
{
	static struct side waiter, helper;
	static struct side ender;
	ender.tid = getpid();
	CHECK(atexit(touch_late) == 0);
	a = gate_wisp_open();
	b = gate_wisp_open();
	CHECK(atexit(touch_early) == 0);
	tell("a", a);
	tell("b", b);
	start(&waiter, "waiter", wait_by, a);
	gate_await_parked(a, 1);
	start(&helper, "helper", let_go, &ender);
	exit(0);
}
