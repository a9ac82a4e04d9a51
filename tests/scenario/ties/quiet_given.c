/* Trunks go with their coach, or are handed back and freed, or given to the next coach; one that was not taken, as
 * there was no room, is still the program's. */
#include "scenario.h"

enum { ROUNDS = 100 };

static gate_trunk *loaded(gate_coach *coach)
{
	gate_trunk *trunk = gate_trunk_open();
	CHECK(gate_coach_load(coach, trunk) == 0 && gate_trunk_touch(trunk) == 1);
	return trunk;
}

static void once(void)
{
	gate_coach *coach = gate_coach_open(), *next = gate_coach_open();
	gate_trunk *mine = loaded(coach), *moved = loaded(coach), *left;
	gate_coach_hand_back(coach, mine);
	CHECK(gate_trunk_touch(mine) == 1);
	gate_trunk_close(mine);
	gate_coach_hand_back(coach, moved);
	CHECK(gate_coach_load(next, moved) == 0);
	for (int i = 0; i < 8; i++)
		loaded(coach);
	left = gate_trunk_open();
	CHECK(gate_coach_load(coach, left) == 1);
	gate_coach_close(coach);
	CHECK(gate_trunk_touch(moved) == 1 && gate_trunk_touch(left) == 1);
	gate_trunk_close(left);
	gate_coach_close(next);
}

int main(void)
{
	gate_recycle(true);
	for (int i = 0; i < ROUNDS; i++)
		once();
	CHECK(gate_violations() == 0);
	return 0;
}
