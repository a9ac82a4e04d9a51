/* Handles that are made from each other, over many generations. The free of one waits for calls on what was made from
 * it up to eight generations on. What lies further on is neither waited for nor known to be gone with it: that there is
 * such a handle is said.
 *
 * finding: late-free twig eighth; call gate_twig_fell in fell on feller; op gate_twig_wait in stay on stayer;
 *     create gate_twig_plant in grow; drained
 * finding: leak twig beyond; create gate_twig_grow in grow
 * recording: handles.twig.created=19 handles.twig.freed=18 counters.generations-cut=1
 */
#include "scenario.h"

struct tree {
	gate_twig *first, *last;
};

static struct tree grow(int generations)
{
	struct tree tree = {.first = gate_twig_plant()};
	tree.last = tree.first;
	for (int i = 0; i < generations; i++)
		tree.last = gate_twig_grow(tree.last);
	return tree;
}

static void stay(void *twig)
{
	CHECK(gate_twig_wait(twig) == 2);
}

static void fell(void *twig)
{
	gate_twig_fell(twig);
}

static void fell_what_is_waited_for(void)
{
	struct side stayer, feller;
	struct tree tree = grow(8);
	tell("eighth", tree.first);
	start(&stayer, "stayer", stay, tree.last);
	gate_twig_await_parked(tree.last);
	start(&feller, "feller", fell, tree.first);
	await_drain(&feller);
	gate_twig_let_go(tree.last);
	join(&stayer);
	join(&feller);
	CHECK(gate_violations() == 0);
}

static void fell_what_is_not(void)
{
	struct side stayer;
	struct tree tree = grow(9);
	tell("beyond", tree.last);
	start(&stayer, "stayer", stay, tree.last);
	gate_twig_await_parked(tree.last);
	gate_twig_fell(tree.first);
	CHECK(gate_violations() > 0);
	gate_twig_let_go(tree.last);
	join(&stayer);
}

int main(void)
{
	fell_what_is_waited_for();
	fell_what_is_not();
	return 0;
}
