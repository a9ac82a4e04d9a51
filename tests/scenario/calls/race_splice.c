/* A call that uses two handles is in flight on both; on a freed one of the two it is rejected, and the other is free
 * again.
 *
 * finding: late-free gate second; call gate_close in close_it on closer; op gate_splice in splice on splicer;
 *     create gate_open in main; drained
 * finding: late-op gate second; call gate_splice in splice; free gate_close in close_it on closer;
 *     create gate_open in main
 * recording: handles.gate.freed=2
 */
#include "scenario.h"

static gate *second;
static int answer;

static void splice(void *first)
{
	answer = gate_splice(first, second);
}

int main(void)
{
	struct side splicer, closer;
	gate *first = gate_open();
	second = gate_open();
	tell("second", second);
	start(&splicer, "splicer", splice, first);
	gate_await_parked(first, 1);
	start(&closer, "closer", close_it, second);
	await_drain(&closer);
	gate_let_go(first);
	join(&splicer);
	join(&closer);
	CHECK(answer == 5 && gate_frees() == 1);
	splice(first);
	CHECK(answer == -EPIPE);
	gate_close(first);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
