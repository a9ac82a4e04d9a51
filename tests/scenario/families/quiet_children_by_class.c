/* What a free means for children of each class: sacks outlive it, also one in use, and carts end with it; unless it is
 * a mill that was built for its carts to outlive it. Only wheels keep a mill from being sold.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.mill.freed=3 handles.sack.freed=2 handles.cart.freed=2 handles.wheel.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.mill.freed=3 handles.sack.freed=2 handles.cart.freed=2 handles.wheel.freed=1
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.mill.freed=3 handles.sack.freed=2 handles.cart.freed=2 handles.wheel.freed=1
 */
#include "scenario.h"

static void wait_in_sack(void *sack)
{
	CHECK(gate_sack_wait(sack) == 2);
}

static void close_wooden(void)
{
	struct side waiter;
	gate_mill *mill = gate_mill_build(GATE_MILL_OF_WOOD);
	gate_sack *sack = gate_sack_fill(mill);
	gate_cart *cart = gate_cart_load(mill);
	CHECK(gate_cart_touch(cart) == 1);
	start(&waiter, "waiter", wait_in_sack, sack);
	gate_sack_await_parked(sack);
	gate_mill_close(mill);
	gate_sack_let_go(sack);
	join(&waiter);
	CHECK(gate_sack_touch(sack) == 1 && gate_frees() == 2);
	gate_sack_empty(sack);
}

static void close_stone(void)
{
	gate_mill *mill = gate_mill_build(GATE_MILL_OF_STONE);
	gate_cart *cart = gate_cart_load(mill);
	gate_mill_close(mill);
	CHECK(gate_cart_touch(cart) == 1);
	gate_cart_unload(cart);
}

static void sell(void)
{
	gate_mill *mill = gate_mill_build(GATE_MILL_OF_WOOD);
	gate_sack *sack = gate_sack_fill(mill);
	gate_wheel *wheel = gate_wheel_mount(mill);
	CHECK(gate_mill_sell(mill) == 16 && gate_wheel_touch(wheel) == 1);
	gate_wheel_unmount(wheel);
	CHECK(gate_mill_sell(mill) == 0 && gate_sack_touch(sack) == 1);
	gate_sack_empty(sack);
}

int main(void)
{
	close_wooden();
	close_stone();
	sell();
	CHECK(gate_frees() == 8 && gate_violations() == 0);
	return 0;
}
