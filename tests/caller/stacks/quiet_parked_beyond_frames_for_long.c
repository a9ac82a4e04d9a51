/* More coroutines are parked in ops than a thread has frames for in the recording, and two more take turns: each leaves
 * its op while the other one is parked in its own. However long that goes on, there is a frame for each.
 *
 * recording: handles.cell.freed=1 counters.memory-refused=0
 */
#include "caller.h"

enum { PARKED = 70, ROUNDS = 140000 }; /* more than the frames of a thread, wherever they are */

static struct coroutine parked[PARKED], turns[2];
static cell *c;
static bool over;

static int go_away(cell *unused, void *routine)
{
	(void)unused;
	yield(routine);
	return 0;
}

static void enter(void *routine)
{
	CHECK(cell_call(c, go_away, routine) == 1);
}

static void enter_again_and_again(void *routine)
{
	while (!over)
		enter(routine);
}

int main(void)
{
	c = cell_new();
	for (int i = 0; i < PARKED; i++)
		begin(&parked[i], enter, &parked[i]);
	for (int i = 0; i < 2; i++)
		begin(&turns[i], enter_again_and_again, &turns[i]);
	for (int i = 0; i < ROUNDS; i++)
		resume(&turns[i % 2]);
	over = true;
	for (int i = 0; i < 2; i++)
		resume(&turns[i]);
	for (int i = 0; i < PARKED; i++)
		resume(&parked[i]);
	CHECK(cell_free(c) == 0);
	check_quiet(1);
	return 0;
}
