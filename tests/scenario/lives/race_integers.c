/* Handles that are small integers, 0 among them: a free meets an op in flight; then the number is given out again,
 * which is another life of it, and freed twice.
 *
 * finding: late-free id zero g1; call gate_id_close in close_id on closer; op gate_id_wait in wait_id on waiter;
 *     create gate_id_open in open_id; drained
 * finding: repeat-free id zero g2; call gate_id_close in close_id; free gate_id_close in main;
 *     create gate_id_open in open_id
 * recording: handles.id.created=2 handles.id.freed=2 calls.gate_id_close=3
 */
#include "scenario.h"

static int id;

static int open_id(void)
{
	return gate_id_open();
}

static void wait_id(void *unused)
{
	(void)unused;
	CHECK(gate_id_wait(id) == 2);
}

static void close_id(void *unused)
{
	(void)unused;
	gate_id_close(id);
}

int main(void)
{
	struct side waiter, closer;
	id = open_id();
	CHECK(id == 0);
	tell_number("zero", 0);
	start(&waiter, "waiter", wait_id, NULL);
	gate_id_await_parked(id);
	start(&closer, "closer", close_id, NULL);
	await_drain(&closer);
	gate_id_let_go(id);
	join(&waiter);
	join(&closer);
	CHECK(open_id() == 0);
	CHECK(gate_id_close(0) == 0);
	close_id(NULL);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
