/* The last holder's disconnect still waits for the call of a thread that has no claim, when another thread connects and
 * is given the same id: the library has not heard of the disconnect yet. Where that is for everybody it would cut the
 * newcomer off, and is withheld; a library that counts its users is told, and all is well.
 *
 * finding: severed wire id g2; call gate_wire_disconnect in cut on last; holder gate_wire_connect in main of id;
 *     create gate_wire_connect in main; withheld
 * recording: handles.wire.created=2 handles.wire.freed=2 handles.door.created=2 handles.door.freed=2
 */
#include "scenario.h"

static int id;

static void borrow_wire(void *unused)
{
	(void)unused;
	CHECK(gate_wire_wait(id) == 2);
}

static void cut(void *unused)
{
	(void)unused;
	CHECK(gate_wire_disconnect(id) == 0);
}

static void borrow_door(void *unused)
{
	(void)unused;
	CHECK(gate_door_wait(id) == 2);
}

static void leave_last(void *unused)
{
	(void)unused;
	CHECK(gate_door_disconnect(id) == 0);
}

static void start_race(struct side *borrower, void (*borrow)(void *), struct side *last, void (*leave)(void *))
{
	start(borrower, "borrower", borrow, NULL);
	gate_lines_await_parked(id);
	start(last, "last", leave, NULL);
	await_drain(last);
}

static void end_race(struct side *borrower, struct side *last)
{
	join(last);
	CHECK(gate_lines_live() == 1);
	gate_lines_let_go(id);
	join(borrower);
}

int main(void)
{
	struct side borrower, last;
	id = gate_wire_connect(1);
	tell_number("id", (unsigned long)id);
	start_race(&borrower, borrow_wire, &last, cut);
	CHECK(gate_wire_connect(1) == id);
	end_race(&borrower, &last);
	CHECK(gate_wire_send(id) == 1 && gate_wire_disconnect(id) == 0 && gate_lines_live() == 0);
	id = gate_door_connect(1);
	start_race(&borrower, borrow_door, &last, leave_last);
	CHECK(gate_door_connect(1) == id);
	end_race(&borrower, &last);
	CHECK(gate_door_send(id) == 1 && gate_door_disconnect(id) == 0 && gate_lines_live() == 0);
	CHECK(gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
