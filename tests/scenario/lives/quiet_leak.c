/* What is freed on the way out, by a function that atexit calls, is no leak; nor is a create that failed.
 *
 * recording: handles.gate.created=1 handles.gate.freed=1
 */
#include "scenario.h"

static gate *kept;

static void close_kept(void)
{
	gate_close(kept);
}

int main(void)
{
	gate *none;
	CHECK(gate_make(true, &none) == -1);
	kept = gate_open();
	CHECK(atexit(close_kept) == 0);
	return 0;
}
