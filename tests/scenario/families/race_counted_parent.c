/* What a last reference means for the handles that were made: they stay in use, though the handle itself does not; or
 * they end with it, which waits for their calls; or they are left behind.
 *
 * finding: late-op hall k; call gate_hall_touch in keep; free gate_hall_unref in keep; create gate_hall_open in keep
 * finding: repeat-free hall k; call gate_hall_unref in keep; free gate_hall_unref in keep;
 *     create gate_hall_open in keep
 * finding: late-free hall e; call gate_hall_shut in shut on shutter; op gate_guest_wait in wait_in_hall on waiter;
 *     create gate_hall_open in end; drained
 * finding: late-op guest g; call gate_guest_touch in end; free gate_hall_shut in shut on shutter;
 *     create gate_guest_enter in end
 * finding: orphan hall o; call gate_hall_drop in forget; create gate_hall_open in forget; alive gate_guest_enter in forget
 * finding: orphan guest h; call gate_guest_touch in forget; free gate_hall_drop in forget;
 *     create gate_guest_enter in forget
 * finding: leak guest h; create gate_guest_enter in forget
 * recording: handles.hall.freed=3 handles.guest.freed=2
 */
#include "scenario.h"

static void keep(void)
{
	gate_hall *hall = gate_hall_open();
	gate_guest *guest = gate_guest_enter(hall);
	tell("k", hall);
	CHECK(gate_hall_unref(hall) == 1);
	CHECK(gate_hall_touch(hall) == -EPIPE);
	CHECK(gate_hall_unref(hall) == -EPIPE);
	CHECK(gate_guest_touch(guest) == 1);
	gate_guest_leave(guest);
	CHECK(gate_frees() == 2);
}

static void wait_in_hall(void *guest)
{
	CHECK(gate_guest_wait(guest) == 2);
}

static void shut(void *hall)
{
	CHECK(gate_hall_shut(hall) == 0);
}

static void end(void)
{
	struct side waiter, shutter;
	gate_hall *hall = gate_hall_open();
	gate_guest *guest = gate_guest_enter(hall);
	tell("e", hall);
	tell("g", guest);
	start(&waiter, "waiter", wait_in_hall, guest);
	gate_guest_await_parked(guest);
	gate_hall_ref(hall);
	CHECK(gate_hall_shut(hall) == 1);
	start(&shutter, "shutter", shut, hall);
	await_drain(&shutter);
	gate_guest_let_go(guest);
	join(&waiter);
	join(&shutter);
	CHECK(gate_guest_touch(guest) == -EPIPE);
}

static void forget(void)
{
	gate_hall *hall = gate_hall_open();
	gate_guest *guest = gate_guest_enter(hall);
	tell("o", hall);
	tell("h", guest);
	CHECK(gate_hall_drop(hall) == 0);
	CHECK(gate_guest_touch(guest) == -EPIPE);
}

int main(void)
{
	keep();
	end();
	forget();
	CHECK(gate_violations() == 0);
	return 0;
}
