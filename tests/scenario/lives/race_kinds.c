/* An argument says which class a handle is of (`if`). A trip that is dropped before its seat leaves an orphan; dropping
 * twice is told for the class that was meant.
 *
 * finding: orphan trip t; call gate_ticket_drop in main; create gate_ticket_new in ticket; alive gate_ticket_new in ticket
 * finding: orphan seat s; call gate_ticket_touch in main; free gate_ticket_drop in main; create gate_ticket_new in ticket
 * finding: late-op trip t; call gate_ticket_touch in main; free gate_ticket_drop in main; create gate_ticket_new in ticket
 * finding: repeat-free seat u; call gate_ticket_drop in main; free gate_ticket_drop in main;
 *     create gate_ticket_new in ticket
 * finding: leak seat s; create gate_ticket_new in ticket
 * recording: handles.trip.created=2 handles.trip.freed=2 handles.seat.created=2 handles.seat.freed=1
 */
#include "scenario.h"

static void *ticket(int kind, void *of)
{
	void *made;
	CHECK(gate_ticket_new(kind, of, &made) == 0);
	return made;
}

int main(void)
{
	void *trip = ticket(GATE_TRIP, NULL), *seat = ticket(GATE_SEAT, trip);
	tell("t", trip);
	tell("s", seat);
	CHECK(gate_ticket_drop(GATE_TRIP, trip) == 0);
	CHECK(gate_ticket_touch(GATE_SEAT, seat) == -EPIPE);
	CHECK(gate_ticket_touch(GATE_TRIP, trip) == -EPIPE);
	trip = ticket(GATE_TRIP, NULL);
	seat = ticket(GATE_SEAT, trip);
	tell("u", seat);
	CHECK(gate_ticket_drop(GATE_SEAT, seat) == 0);
	CHECK(gate_ticket_drop(GATE_SEAT, seat) == -EPIPE);
	CHECK(gate_ticket_drop(GATE_TRIP, trip) == 0);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
