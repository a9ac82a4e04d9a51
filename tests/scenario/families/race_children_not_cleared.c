/* A cart is still in use at the deadline: the mill is not cleared, that cart is lost, and the other one lives on.
 *
 * run: HANDLEGUARD_DEADLINE_MS=20
 * finding: drain-timeout cart c; call gate_mill_clear in main; op gate_cart_wait in wait_in_cart on waiter;
 *     create gate_cart_load in main; drained; deadline 20
 * recording: handles.mill.freed=1 handles.cart.created=2 handles.cart.freed=1 handles.cart.leaked=1
 */
#include "scenario.h"

static void wait_in_cart(void *cart)
{
	CHECK(gate_cart_wait(cart) == 2);
}

int main(void)
{
	struct side waiter;
	gate_mill *mill = gate_mill_build(GATE_MILL_OF_WOOD);
	gate_cart *other = gate_cart_load(mill), *cart = gate_cart_load(mill);
	tell("c", cart);
	start(&waiter, "waiter", wait_in_cart, cart);
	gate_sack_await_parked((gate_sack *)cart);
	CHECK(gate_mill_clear(mill) == -EPIPE && gate_frees() == 0);
	CHECK(gate_cart_touch(other) == 1 && gate_mill_touch(mill) == 1);
	gate_sack_let_go((gate_sack *)cart);
	join(&waiter);
	gate_mill_close(mill);
	CHECK(gate_violations() == 0);
	return 0;
}
