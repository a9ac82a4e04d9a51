/* Mode abort: what is given away is not to be freed.
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: given-free trunk t; call gate_trunk_close in main; alive gate_coach_open in main; create gate_trunk_open in main
 * stderr: given-free of a trunk
 * exit: SIGABRT
 */
#include "scenario.h"

int main(void)
{
	gate_coach *coach = gate_coach_open();
	gate_trunk *trunk = gate_trunk_open();
	tell("t", trunk);
	CHECK(gate_coach_load(coach, trunk) == 0);
	gate_trunk_close(trunk);
	return 0;
}
