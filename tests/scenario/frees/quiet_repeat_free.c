/* Each of two closers takes the pointer away from the other before it frees, as it should be. A free of null is none.
 *
 * recording: handles.gate.freed=1 calls.gate_close=2
 */
#include "scenario.h"

static gate *_Atomic shared;

static void take_and_close(void *unused)
{
	(void)unused;
	gate_close(atomic_exchange(&shared, NULL));
}

int main(void)
{
	struct side one, other;
	shared = gate_open();
	start(&one, "one", take_and_close, NULL);
	start(&other, "other", take_and_close, NULL);
	join(&one);
	join(&other);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
