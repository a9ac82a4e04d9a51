/* Two ops outlast the deadline of a free. For its caller that has failed; the last of the ops to leave runs the real
 * free after all, once, on its thread. Until then calls are rejected, and so is a second free.
 *
 * run: HANDLEGUARD_DEADLINE_MS=20
 * finding: drain-timeout gate g; call gate_try_close in end_it; op gate_wait in wait_in on first;
 *     op gate_call in hold on second; create gate_open in main; drained; deferred; deadline 20
 * finding: late-op gate g; call gate_touch in main; free gate_try_close in end_it; create gate_open in main
 * finding: repeat-free gate g; call gate_try_close in end_it; free gate_try_close in end_it; create gate_open in main
 * finding: freed-late gate g; call gate_try_close in hold on second; free gate_try_close in end_it;
 *     create gate_open in main; drained; deadline 20
 * recording: handles.gate.after_deadline=defer handles.gate.freed=1 handles.gate.leaked=0 handles.gate.live=0
 *
 * run: HANDLEGUARD_DEADLINE_MS=20 HANDLEGUARD_AFTER_DEADLINE=leak
 * finding: drain-timeout gate g; call gate_try_close in end_it; op gate_wait in wait_in on first;
 *     op gate_call in hold on second; create gate_open in main; drained; deadline 20
 * finding: late-op gate g; call gate_touch in main; free gate_try_close in end_it; create gate_open in main
 * finding: repeat-free gate g; call gate_try_close in end_it; free gate_try_close in end_it; create gate_open in main
 * recording: handles.gate.after_deadline=leak handles.gate.freed=0 handles.gate.leaked=1 handles.gate.live=0
 */
#include "scenario.h"

static sem_t inside, go_on;

static void stay(void *unused)
{
	(void)unused;
	sem_post(&inside);
	sem_wait(&go_on);
}

static void hold(void *g)
{
	CHECK(gate_call(g, stay, NULL) == 4);
}

static void end_it(gate *g)
{
	CHECK(gate_try_close(g) == -EPIPE);
}

int main(void)
{
	const char *after = getenv("HANDLEGUARD_AFTER_DEADLINE");
	bool leaks = after && strcmp(after, "leak") == 0;
	struct side first, second;
	gate *g = gate_open();
	tell("g", g);
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	start(&first, "first", wait_in, g);
	start(&second, "second", hold, g);
	gate_await_parked(g, 1);
	sem_wait(&inside);
	end_it(g);
	CHECK(gate_touch(g) == -EPIPE);
	end_it(g);
	gate_let_go(g);
	join(&first);
	CHECK(gate_frees() == 0);
	sem_post(&go_on);
	join(&second);
	CHECK(gate_frees() == !leaks && gate_violations() == 0);
	CHECK(leaks || gate_last_freer() == second.tid);
	return 0;
}
