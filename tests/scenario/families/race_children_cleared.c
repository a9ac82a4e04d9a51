/* A mill is cleared of its carts: one is in use and waited for, each is gone afterwards, and the mill is not.
 *
 * finding: late-free cart c; call gate_mill_clear in clear on clearer; op gate_cart_wait in wait_in_cart on waiter;
 *     create gate_cart_load in main; drained
 * finding: late-op cart c; call gate_cart_touch in main; free gate_mill_clear in clear on clearer;
 *     create gate_cart_load in main
 * finding: repeat-free cart d; call gate_cart_unload in main; free gate_mill_clear in clear on clearer;
 *     create gate_cart_load in main
 * recording: handles.mill.freed=1 handles.cart.freed=2
 *
 * run: HANDLEGUARD_MODE=guard HANDLEGUARD_DRAIN=defer
 * finding: late-free cart c; call gate_mill_clear in clear on clearer; op gate_cart_wait in wait_in_cart on waiter;
 *     create gate_cart_load in main; drained
 * finding: late-op cart c; call gate_cart_touch in main; free gate_mill_clear in clear on clearer;
 *     create gate_cart_load in main
 * finding: repeat-free cart d; call gate_cart_unload in main; free gate_mill_clear in clear on clearer;
 *     create gate_cart_load in main
 * recording: handles.mill.freed=1 handles.cart.freed=2
 */
#include "scenario.h"

static sem_t cleared, over;

static void wait_in_cart(void *cart)
{
	CHECK(gate_cart_wait(cart) == 2);
}

/* Stays till the end, and its name with it. */
static void clear(void *mill)
{
	CHECK(gate_mill_clear(mill) == 0);
	sem_post(&cleared);
	sem_wait(&over);
}

int main(void)
{
	struct side waiter, clearer;
	gate_mill *mill = gate_mill_build(GATE_MILL_OF_WOOD);
	gate_cart *cart = gate_cart_load(mill), *other = gate_cart_load(mill);
	CHECK(sem_init(&cleared, 0, 0) == 0 && sem_init(&over, 0, 0) == 0);
	tell("c", cart);
	tell("d", other);
	start(&waiter, "waiter", wait_in_cart, cart);
	gate_sack_await_parked((gate_sack *)cart);
	start(&clearer, "clearer", clear, mill);
	await_drain(&clearer);
	CHECK(gate_mill_touch(mill) == 1);
	gate_sack_let_go((gate_sack *)cart);
	join(&waiter);
	sem_wait(&cleared);
	CHECK(gate_cart_touch(cart) == -EPIPE);
	gate_cart_unload(other);
	sem_post(&over);
	join(&clearer);
	gate_mill_close(mill);
	CHECK(gate_violations() == 0);
	return 0;
}
