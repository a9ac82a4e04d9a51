/* A guest holds its hall: it outlives the last reference to that one, which waits for none of its calls. So does one
 * whose hall is left by another thread; and the last guest's end is that of the hall.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.hall.created=3 handles.hall.freed=3 handles.guest.freed=3 handles.guest.live=0
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.hall.created=3 handles.hall.freed=3 handles.guest.freed=3 handles.guest.live=0
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.hall.created=3 handles.hall.freed=3 handles.guest.freed=3 handles.guest.live=0
 */
#include "scenario.h"

static void wait_in_hall(void *guest)
{
	CHECK(gate_guest_wait(guest) == 2);
}

static void outlive(void)
{
	struct side waiter;
	gate_hall *hall = gate_hall_open();
	gate_guest *guest = gate_guest_enter(hall);
	CHECK(gate_hall_ref(hall) == hall);
	CHECK(gate_hall_unref(hall) == 2);
	start(&waiter, "waiter", wait_in_hall, guest);
	gate_guest_await_parked(guest);
	CHECK(gate_hall_unref(hall) == 1);
	gate_guest_let_go(guest);
	join(&waiter);
	CHECK(gate_guest_touch(guest) == 1 && gate_frees() == 0);
	gate_guest_leave(guest);
	CHECK(gate_frees() == 2);
}

/* The guest is gone before its hall, whose references are all that is left. */
static void be_outlived(void)
{
	gate_hall *hall = gate_hall_open();
	gate_guest_leave(gate_guest_enter(hall));
	CHECK(gate_hall_touch(hall) == 1);
	CHECK(gate_hall_unref(hall) == 0 && gate_frees() == 4);
}

static void end_together(void)
{
	gate_hall *hall = gate_hall_open();
	gate_guest_enter(hall);
	gate_hall_ref(hall);
	CHECK(gate_hall_shut(hall) == 1 && gate_hall_touch(hall) == 1);
	CHECK(gate_hall_shut(hall) == 0 && gate_frees() == 6);
}

int main(void)
{
	outlive();
	be_outlived();
	end_together();
	CHECK(gate_violations() == 0);
	return 0;
}
