/* Observed only: the coach runs with a horse that is gone, and a trunk is freed twice.
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: dangling coach c; call gate_coach_run in main; free gate_horse_free in main; alive gate_horse_open in main;
 *     create gate_coach_open in main
 * finding: given-free trunk t; call gate_trunk_close in main; alive gate_coach_open in main; create gate_trunk_open in main
 */
#include "scenario.h"

int main(void)
{
	gate_coach *coach = gate_coach_open();
	gate_horse *horse = gate_horse_open();
	gate_trunk *trunk = gate_trunk_open();
	tell("c", coach);
	tell("t", trunk);
	CHECK(gate_coach_harness(coach, horse) == 0 && gate_coach_load(coach, trunk) == 0);
	gate_horse_free(horse);
	CHECK(gate_coach_polish(coach) == 1 && gate_violations() == 0);
	CHECK(gate_coach_run(coach) == 1 && gate_violations() > 0);
	gate_trunk_close(trunk);
	gate_coach_close(coach);
	CHECK(gate_frees() == 4);
	return 0;
}
