/* The disk is full by the time that the recording must grow for a thirtieth thread: what is there stays readable, and a
 * free waits for the ops of all threads, also of those that could not be recorded.
 *
 * finding: late-free gate last; call gate_close in close_it on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * recording: handles.gate.created=30 handles.gate.freed=>1 counters.threads-unrecorded=>5
 */
#include "scenario.h"

enum { GATES = 30 };

int main(void)
{
	struct side waiters[GATES], closer;
	gate *gates[GATES];
	for (int i = 0; i < GATES; i++)
		gates[i] = gate_open();
	tell("last", gates[GATES - 1]);
	limit_files(1);
	for (int i = 0; i < GATES; i++) {
		start(&waiters[i], "waiter", wait_in, gates[i]);
		gate_await_parked(gates[i], 1);
	}
	start(&closer, "closer", close_it, gates[GATES - 1]);
	await_drain(&closer);
	for (int i = 0; i < GATES; i++) {
		gate_let_go(gates[i]);
		join(&waiters[i]);
	}
	join(&closer);
	for (int i = 0; i < GATES - 1; i++)
		gate_close(gates[i]);
	CHECK(gate_frees() == GATES && gate_violations() == 0);
	return 0;
}
