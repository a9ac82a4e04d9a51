/* Not every create of a crumb is seen. While a free waits, and while the library is at it, nobody can have been given
 * the value anew, and calls are late as ever. After that one can: the next free of it is told as a note, and made.
 *
 * finding: late-free crumb w; call gate_crumb_close in close_crumb on closer; op gate_crumb_wait in wait_in_crumb on waiter;
 *     create gate_crumb_open in main; drained
 * finding: late-op crumb w; call gate_crumb_touch in main; free gate_crumb_close in close_crumb on closer;
 *     create gate_crumb_open in main
 * finding: repeat-free crumb w; call gate_crumb_close in main; free gate_crumb_close in close_crumb on closer;
 *     create gate_crumb_open in main
 * finding: late-op crumb s; call gate_crumb_touch in main; free gate_crumb_close_slowly in close_slowly on closer;
 *     create gate_crumb_open in main
 * finding: repeat-free crumb s; call gate_crumb_close in main; free gate_crumb_close_slowly in close_slowly on closer;
 *     create gate_crumb_open in main
 * finding: freed-again crumb s; call gate_crumb_close in main; free gate_crumb_close_slowly in close_slowly on closer;
 *     create gate_crumb_open in main
 * recording: handles.crumb.created=2 handles.crumb.adopted=1 handles.crumb.freed=3 handles.crumb.live=0
 */
#include "scenario.h"

static void wait_in_crumb(void *crumb)
{
	CHECK(gate_crumb_wait(crumb) == 2);
}

static void close_crumb(void *crumb)
{
	CHECK(gate_crumb_close(crumb) == 0);
}

static void close_slowly(void *crumb)
{
	CHECK(gate_crumb_close_slowly(crumb) == 0);
}

int main(void)
{
	struct side waiter, closer;
	gate *waited = gate_crumb_open(), *slow = gate_crumb_open();
	tell("w", waited);
	tell("s", slow);
	start(&waiter, "waiter", wait_in_crumb, waited);
	gate_await_parked(waited, 1);
	start(&closer, "closer", close_crumb, waited);
	await_drain(&closer);
	CHECK(gate_crumb_touch(waited) == -EPIPE && gate_crumb_close(waited) == -EPIPE);
	gate_let_go(waited);
	join(&waiter);
	join(&closer);
	start(&closer, "closer", close_slowly, slow);
	gate_await_parked(slow, 1);
	CHECK(gate_crumb_touch(slow) == -EPIPE && gate_crumb_close(slow) == -EPIPE);
	gate_recycle(true);
	gate_let_go(slow);
	join(&closer);
	CHECK(gate_open_unseen() == slow && gate_crumb_close(slow) == 0);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
