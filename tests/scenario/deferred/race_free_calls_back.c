/* A free that calls back into the program is left to no other thread, though all frees are to be deferred: it waits,
 * and calls back on its own. If it has waited in vain, it never does. One from inside an op of its own handle is left
 * to that op, on the same thread.
 *
 * run: HANDLEGUARD_DRAIN=defer
 * finding: late-free gate first; call gate_close_with in close_first on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * finding: reentrant-free gate second; call gate_close_with in close_inside<main; op gate_call in main;
 *     create gate_open in main; deferred
 * recording: handles.gate.freed=2 handles.gate.leaked=0
 *
 * run: HANDLEGUARD_DRAIN=defer HANDLEGUARD_DEADLINE_MS=20
 * finding: drain-timeout gate first; call gate_close_with in close_first on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * finding: reentrant-free gate second; call gate_close_with in close_inside<main; op gate_call in main;
 *     create gate_open in main; deferred
 * recording: handles.gate.freed=1 handles.gate.leaked=1
 */
#include <sys/syscall.h>

#include "scenario.h"

static int called_on;

static void note_thread(void *unused)
{
	(void)unused;
	called_on = (int)syscall(SYS_gettid);
}

static void close_first(void *g)
{
	gate_close_with(g, note_thread, NULL);
}

static void close_inside(void *g)
{
	gate_close_with(g, note_thread, NULL);
	CHECK(called_on == 0);
}

int main(void)
{
	bool gives_up = getenv("HANDLEGUARD_DEADLINE_MS");
	struct side waiter, closer;
	gate *first = gate_open(), *second = gate_open();
	tell("first", first);
	tell("second", second);
	start(&waiter, "waiter", wait_in, first);
	gate_await_parked(first, 1);
	start(&closer, "closer", close_first, first);
	if (gives_up)
		join(&closer);
	else
		await_drain(&closer);
	CHECK(gate_frees() == 0);
	gate_let_go(first);
	join(&waiter);
	if (!gives_up)
		join(&closer);
	CHECK(gate_frees() == !gives_up && called_on == (gives_up ? 0 : closer.tid));
	called_on = 0;
	gate_call(second, close_inside, second);
	CHECK(gate_frees() == 2 - gives_up && called_on == (int)syscall(SYS_gettid) && gate_violations() == 0);
	return 0;
}
