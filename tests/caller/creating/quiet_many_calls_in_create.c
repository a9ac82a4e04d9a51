/* A call that is in flight on its parent and makes a handle calls back, and deep below many handles are made and freed.
 * Each of these looks only once whether that call is still there: to look costs a walk of the stack. Otherwise it takes
 * minutes.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.bud.created=1 handles.bud.freed=1 counters.findings-dropped=0
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.bud.created=1 handles.bud.freed=1 counters.findings-dropped=0
 */
#include "caller.h"

enum { DEPTH = 500, HANDLES = 100000 };

static int make_many(int depth);

static int (*volatile deeper)(int depth) = make_many; /* no loop instead */

static int make_many(int depth)
{
	if (depth)
		return deeper(depth - 1) + 1;
	for (int i = 0; i < HANDLES; i++) {
		lane *l = lane_new();
		lane_free(l);
	}
	return 0;
}

static int use_deep(bud *b, void *data)
{
	(void)data;
	CHECK(bud_touch(b) == 1 && make_many(DEPTH) == DEPTH);
	return 1;
}

int main(void)
{
	cell *parent = cell_new();
	bud *b = cell_layer(parent, use_deep, NULL);
	CHECK(bud_free(b) == 0 && cell_free(parent) == 0);
	check_quiet(2 + HANDLES);
	return 0;
}
