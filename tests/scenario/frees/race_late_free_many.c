/* A free meets four ops at once, two of them on one thread, one inside the other: each is named.
 *
 * finding: late-free gate g; call gate_close in close_it on closer; op gate_wait in wait_in on first;
 *     op gate_splice in splice on second; op gate_call in nest on third; op gate_wait in wait_in on third;
 *     create gate_open in main; drained
 */
#include "scenario.h"

static gate *other;

static void splice(void *g)
{
	CHECK(gate_splice(g, other) == 5);
}

static void nest(void *g)
{
	CHECK(gate_call(g, wait_in, g) == 4);
}

int main(void)
{
	struct side first, second, third, closer;
	gate *g = gate_open();
	tell("g", g);
	other = gate_open();
	start(&first, "first", wait_in, g);
	start(&second, "second", splice, g);
	start(&third, "third", nest, g);
	gate_await_parked(g, 3);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	gate_let_go(g);
	join(&first);
	join(&second);
	join(&third);
	join(&closer);
	gate_close(other);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
