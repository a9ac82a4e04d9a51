/* Uses handles on one thread and closes them on another: in order, or (given "held") when the user is being held back.
 * It does so in a folder that is not the one it was started in. */
#include "scenario.h"

enum { ORDERED = 3 };

static void touch(void *g)
{
	gate_touch(g);
}

int main(int argc, char **argv)
{
	(void)argv;
	struct side user;
	CHECK(chdir("/") == 0);
	for (int i = 0; argc == 1 && i < ORDERED; i++) {
		gate *g = gate_open();
		start(&user, "user", touch, g);
		join(&user);
		close_it(g);
	}
	if (argc > 1) {
		gate *g = gate_open();
		start(&user, "user", touch, g);
		await_drain(&user);
		close_it(g);
		join(&user);
	}
	CHECK(gate_violations() == 0);
	return 0;
}
