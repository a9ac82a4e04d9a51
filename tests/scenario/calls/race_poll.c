/* A call that is given an array of handles is in flight on each; with a freed one among them it is rejected, and the
 * others are free again. So it is with a struct.
 *
 * finding: late-free gate last; call gate_close in close_it on closer; op gate_poll in poll_them on poller;
 *     create gate_open in main; drained
 * finding: late-op gate last; call gate_poll in poll_them; free gate_close in close_it on closer; create gate_open in main
 * finding: late-op gate last; call gate_move in main; free gate_close in close_it on closer; create gate_open in main
 * recording: handles.gate.freed=3
 */
#include "scenario.h"

enum { COUNT = 4 };

static struct gate_item items[COUNT];
static int answer;

static void poll_them(void *unused)
{
	(void)unused;
	answer = gate_poll(items, COUNT);
}

int main(void)
{
	struct side poller, closer;
	for (int i = 0; i < COUNT; i++)
		items[i].gate = i == 1 ? NULL : gate_open();
	gate *first = items[0].gate, *last = items[COUNT - 1].gate;
	tell("last", last);
	start(&poller, "poller", poll_them, NULL);
	gate_await_parked(first, 1);
	start(&closer, "closer", close_it, last);
	await_drain(&closer);
	gate_let_go(first);
	join(&poller);
	join(&closer);
	CHECK(answer == 6 && gate_frees() == 1);
	poll_them(NULL);
	CHECK(answer == -EPIPE);
	CHECK(gate_move(&(struct gate_move){first, last}) == -EPIPE);
	gate_close_box(&items[0]);
	gate_close(items[2].gate);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
