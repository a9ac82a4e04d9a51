/* A function makes a handle, or hands back the one that it was given: then there is no other.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.gate.created=2 handles.gate.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.gate.created=2 handles.gate.freed=2
 */
#include "scenario.h"

int main(void)
{
	gate *made = NULL, *given = gate_open(), *same = given;
	CHECK(gate_fill(&made) == 0 && made != NULL && gate_touch(made) == 1);
	CHECK(gate_fill(&same) == 0 && same == given && gate_touch(given) == 1);
	gate_close(made);
	gate_close(given);
	CHECK(gate_violations() == 0);
	return 0;
}
