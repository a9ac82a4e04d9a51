/* Ends in two steps as they should be: by one thread, by two, with a callback of the close that uses the handle; at an
 * address that comes again; and of a handle that was made from another one, whose free comes after.
 *
 * observed: same
 * recording: handles.hatch.created=5 handles.hatch.freed=5 handles.hatch.live=0
 */
#include "scenario.h"

static void touch(void *hatch)
{
	CHECK(gate_hatch_touch(hatch) == 1);
}

static void shut(void *hatch)
{
	CHECK(gate_hatch_shut(hatch) == 3);
}

int main(void)
{
	struct side other;
	gate_recycle(true);
	gate *first = gate_hatch_open();
	touch(first);
	shut(first);
	gate_hatch_free(first);
	gate *again = gate_hatch_open();
	CHECK(again == first);
	touch(again);
	start(&other, "other", shut, again);
	join(&other);
	gate_hatch_free(again);
	gate *called = gate_hatch_open();
	CHECK(gate_hatch_shut_with(called, touch, called) == 3);
	gate_hatch_free(called);
	gate *last = gate_hatch_open();
	touch(last);
	gate_hatch_free(last);
	gate *parent = gate_open(), *child = gate_hatch_open_in(parent);
	touch(child);
	shut(child);
	gate_hatch_free(child);
	gate_close(parent);
	CHECK(gate_frees() == 6 && gate_violations() == 0);
	return 0;
}
