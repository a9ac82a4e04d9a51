/* A connection whose users the library counts: the last disconnect of three ends it, and waits for the call of a thread
 * that has no claim of its own. One more disconnect than connects, and a use after the last.
 *
 * finding: late-free door id; call gate_door_disconnect in leave_last on last; op gate_door_wait in borrow on borrower;
 *     create gate_door_connect in main; drained
 * finding: repeat-free door id; call gate_door_disconnect in leave_again; free gate_door_disconnect in leave_last on last;
 *     create gate_door_connect in main
 * finding: late-op door id; call gate_door_send in use_late; free gate_door_disconnect in leave_last on last;
 *     create gate_door_connect in main
 * recording: handles.door.created=1 handles.door.freed=1 calls.gate_door_connect=3 calls.gate_door_disconnect=4
 */
#include "scenario.h"

static int id;

static void borrow(void *unused)
{
	(void)unused;
	CHECK(gate_door_wait(id) == 2);
}

static void leave_last(void *unused)
{
	(void)unused;
	CHECK(gate_door_disconnect(id) == 0);
}

static void leave_again(void)
{
	gate_door_disconnect(id);
}

static void use_late(void)
{
	CHECK(gate_door_send(id) == -EBADF);
}

int main(void)
{
	struct side borrower, last;
	id = gate_door_connect(5);
	tell_number("id", (unsigned long)id);
	CHECK(gate_door_connect(5) == id && gate_door_connect(5) == id);
	start(&borrower, "borrower", borrow, NULL);
	gate_lines_await_parked(id);
	CHECK(gate_door_disconnect(id) == 0 && gate_door_disconnect(id) == 0);
	CHECK(gate_door_send(id) == 1);
	start(&last, "last", leave_last, NULL);
	await_drain(&last);
	gate_lines_let_go(id);
	join(&last);
	join(&borrower);
	leave_again();
	use_late();
	CHECK(gate_lines_live() == 0 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
