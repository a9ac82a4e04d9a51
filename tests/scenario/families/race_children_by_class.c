/* A mill is closed with a sack, a wheel and two carts: the wheel alone is left behind, the carts end, one of which is
 * in use and waited for. And a sack that outlived its mill is a handle like any other.
 *
 * finding: late-free mill m; call gate_mill_close in close_mill on closer; op gate_cart_wait in wait_in_cart on waiter;
 *     create gate_mill_build in main; drained
 * finding: orphan mill m; call gate_mill_close in close_mill on closer; create gate_mill_build in main;
 *     alive gate_wheel_mount in main
 * finding: orphan wheel w; call gate_wheel_touch in main; free gate_mill_close in close_mill on closer;
 *     create gate_wheel_mount in main
 * finding: late-op cart c; call gate_cart_touch in main; free gate_mill_close in close_mill on closer;
 *     create gate_cart_load in main
 * finding: repeat-free cart d; call gate_cart_unload in main; free gate_mill_close in close_mill on closer;
 *     create gate_cart_load in main
 * finding: late-op sack s; call gate_sack_touch in main; free gate_sack_empty in main; create gate_sack_fill in main
 * finding: leak wheel w; create gate_wheel_mount in main
 * recording: handles.mill.freed=1 handles.cart.freed=2 handles.sack.freed=1
 */
#include "scenario.h"

static sem_t over;

static void wait_in_cart(void *cart)
{
	CHECK(gate_cart_wait(cart) == 2);
}

/* Stays till the end, and its name with it. */
static void close_mill(void *mill)
{
	gate_mill_close(mill);
	sem_wait(&over);
}

int main(void)
{
	struct side waiter, closer;
	gate_mill *mill = gate_mill_build(GATE_MILL_OF_WOOD);
	gate_sack *sack = gate_sack_fill(mill);
	gate_wheel *wheel = gate_wheel_mount(mill);
	gate_cart *cart = gate_cart_load(mill), *other = gate_cart_load(mill);
	CHECK(sem_init(&over, 0, 0) == 0);
	tell("m", mill);
	tell("s", sack);
	tell("w", wheel);
	tell("c", cart);
	tell("d", other);
	start(&waiter, "waiter", wait_in_cart, cart);
	gate_sack_await_parked((gate_sack *)cart);
	start(&closer, "closer", close_mill, mill);
	await_drain(&closer);
	gate_sack_let_go((gate_sack *)cart);
	join(&waiter);
	CHECK(gate_cart_touch(cart) == -EPIPE && gate_wheel_touch(wheel) == -EPIPE);
	gate_cart_unload(other);
	CHECK(gate_sack_touch(sack) == 1);
	gate_sack_empty(sack);
	CHECK(gate_sack_touch(sack) == -EPIPE);
	sem_post(&over);
	join(&closer);
	CHECK(gate_violations() == 0);
	return 0;
}
