/* Uses handles on one thread and closes them on another: in order, or (given "held") when the user is being held back;
 * given "once", one handle in order.
 * It does so in a folder that is not the one it was started in. */
#include "scenario.h"

enum { ORDERED = 3 };

static void touch(void *g)
{
	gate_touch(g);
}

int main(int argc, char **argv)
{
	struct side user;
	bool once = argc > 1 && strcmp(argv[1], "once") == 0, held = argc > 1 && !once;
	CHECK(chdir("/") == 0);
	for (int i = once ? ORDERED - 1 : 0; !held && i < ORDERED; i++) {
		gate *g = gate_open();
		start(&user, "user", touch, g);
		join(&user);
		close_it(g);
	}
	if (held) {
		gate *g = gate_open();
		start(&user, "user", touch, g);
		await_drain(&user);
		close_it(g);
		join(&user);
	}
	CHECK(gate_violations() == 0);
	return 0;
}
