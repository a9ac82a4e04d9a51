/* A disconnect that does not drain leaks the connection: the library still has it, and hands the id out again, as a new
 * life of the only one: the op that leaves afterwards must not disconnect that. Of the ids that there are it counts
 * once.
 *
 * run: HANDLEGUARD_DEADLINE_MS=50
 * finding: drain-timeout line id; call gate_line_disconnect in cut; op gate_line_wait in stay on stayer;
 *     create gate_line_connect in main; drained; deferred; deadline 50
 * finding: exhausted line last; call gate_line_connect in fill_up; holders 31
 * recording: handles.line.created=32 handles.line.leaked=1
 */
#include "scenario.h"

static int id;

static void stay(void *unused)
{
	(void)unused;
	CHECK(gate_line_wait(id) == 2);
}

static void cut(void)
{
	gate_line_disconnect(id);
}

static int fill_up(void)
{
	return gate_line_connect(GATE_LINES_MOST);
}

int main(void)
{
	struct side stayer;
	id = gate_line_connect(0);
	tell_number("id", (unsigned long)id);
	start(&stayer, "stayer", stay, NULL);
	gate_lines_await_parked(id);
	cut();
	CHECK(gate_lines_live() == 1 && gate_line_connect(0) == id);
	for (int server = 1; server < GATE_LINES_MOST - 1; server++)
		CHECK(gate_line_connect(server) == server);
	int last = fill_up();
	tell_number("last", (unsigned long)last);
	CHECK(gate_lines_live() == GATE_LINES_MOST);
	gate_lines_let_go(id);
	join(&stayer);
	CHECK(gate_line_send(id) == 1 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
