/* A function that ends what was made from a handle, and keeps that: there is more to be made from it afterwards, and
 * what was made from another one goes on. One that fails has ended nothing.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.mill.freed=2 handles.cart.created=44 handles.cart.freed=44 handles.wheel.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.mill.freed=2 handles.cart.created=44 handles.cart.freed=44 handles.wheel.freed=1
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.mill.freed=2 handles.cart.created=44 handles.cart.freed=44 handles.wheel.freed=1
 */
#include "scenario.h"

enum { CARTS = 40 };

int main(void)
{
	gate_mill *mill = gate_mill_build(GATE_MILL_OF_WOOD), *other = gate_mill_build(GATE_MILL_OF_WOOD);
	gate_cart *elsewhere = gate_cart_load(other);
	for (int i = 0; i < CARTS; i++)
		gate_cart_load(mill);
	CHECK(gate_mill_clear(mill) == 0 && gate_frees() == CARTS);
	CHECK(gate_mill_touch(mill) == 1 && gate_cart_touch(elsewhere) == 1);
	gate_cart *cart = gate_cart_load(mill), *next = gate_cart_load(mill);
	gate_wheel *wheel = gate_wheel_mount(mill);
	CHECK(gate_mill_try_clear(mill) == 16 && gate_cart_touch(cart) == 1);
	gate_wheel_unmount(wheel);
	gate_cart_unload(next);
	CHECK(gate_mill_try_clear(mill) == 0 && gate_mill_try_clear(mill) == 0);
	gate_cart_load(mill);
	gate_mill_close(mill);
	gate_mill_close(other);
	CHECK(gate_violations() == 0);
	return 0;
}
