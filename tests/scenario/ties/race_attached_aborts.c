/* Mode abort: it ends there.
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: dangling coach c; call gate_coach_run in main; free gate_horse_free in main; alive gate_horse_open in main;
 *     create gate_coach_open in main
 * stderr: dangling of a coach
 * exit: SIGABRT
 */
#include "scenario.h"

int main(void)
{
	gate_coach *coach = gate_coach_open();
	gate_horse *horse = gate_horse_open();
	tell("c", coach);
	CHECK(gate_coach_harness(coach, horse) == 0);
	gate_horse_free(horse);
	CHECK(gate_coach_polish(coach) == 1);
	gate_coach_run(coach);
	return 0;
}
