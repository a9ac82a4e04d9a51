/* One function makes, uses and frees handles of several classes, by an argument (`if`); a kind that the manifest does
 * not know passes untouched.
 *
 * recording: handles.trip.created=1 handles.trip.freed=1 handles.seat.created=1 handles.seat.freed=1
 */
#include "scenario.h"

int main(void)
{
	enum { UNKNOWN = 7 };
	void *trip, *seat, *other;
	CHECK(gate_ticket_new(0, NULL, &trip) == -1 && !trip);
	CHECK(gate_ticket_new(GATE_TRIP, NULL, &trip) == 0);
	CHECK(gate_ticket_new(GATE_SEAT, trip, &seat) == 0);
	CHECK(gate_ticket_new(UNKNOWN, NULL, &other) == 0);
	CHECK(gate_ticket_touch(GATE_TRIP, trip) == 1 && gate_ticket_touch(GATE_SEAT, seat) == 1);
	CHECK(gate_ticket_touch(UNKNOWN, other) == 1 && gate_ticket_drop(UNKNOWN, other) == 0);
	CHECK(gate_ticket_drop(GATE_SEAT, seat) == 0 && gate_ticket_drop(GATE_TRIP, trip) == 0);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
