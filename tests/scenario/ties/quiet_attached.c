/* Horses come to coaches and go in every legal way: unharnessed, retired, replaced in their place, with all others,
 * after their coach; never harnessed, as there was no room; many at once; and so that addresses come again. */
#include "scenario.h"

enum { MANY = 40, ROUNDS = 100 };

static gate_horse *harnessed(gate_coach *coach)
{
	gate_horse *horse = gate_horse_open();
	CHECK(gate_coach_harness(coach, horse) == 0 && gate_coach_run(coach) == 1);
	return horse;
}

static void once(gate_coach *coach)
{
	gate_horse *horse = harnessed(coach);
	gate_coach_unharness(coach, horse);
	gate_horse_free(horse);
	CHECK(gate_coach_run(coach) == 1);
	gate_horse_retire(harnessed(coach));
	CHECK(gate_coach_run(coach) == 1);
	gate_horse *first = gate_horse_open(), *second = gate_horse_open();
	CHECK(gate_coach_seat(coach, 3, first) == 0 && gate_coach_run(coach) == 1);
	CHECK(gate_coach_seat(coach, 3, second) == 0);
	gate_horse_free(first);
	CHECK(gate_coach_run(coach) == 1 && gate_coach_seat(coach, 3, NULL) == 0);
	gate_horse_free(second);
	CHECK(gate_coach_run(coach) == 1);
}

static void without_room(gate_coach *coach)
{
	gate_horse *horse[9];
	for (int i = 0; i < 8; i++)
		horse[i] = harnessed(coach);
	horse[8] = gate_horse_open();
	CHECK(gate_coach_harness(coach, horse[8]) == 1);
	gate_horse_free(horse[8]);
	CHECK(gate_coach_run(coach) == 1);
	gate_coach_unharness_all(coach);
	for (int i = 0; i < 8; i++)
		gate_horse_free(horse[i]);
	CHECK(gate_coach_run(coach) == 1);
}

/* One horse after the other, on many coaches. */
static void everywhere(void)
{
	gate_coach *coach[MANY];
	gate_horse *horse = gate_horse_open();
	for (int i = 0; i < MANY; i++) {
		coach[i] = gate_coach_open();
		CHECK(gate_coach_harness(coach[i], horse) == 0 && gate_coach_run(coach[i]) == 1);
	}
	for (int i = 0; i < MANY; i++)
		gate_coach_close(coach[i]);
	gate_horse_free(horse);
}

int main(void)
{
	gate_coach *coach = gate_coach_open();
	gate_recycle(true);
	for (int i = 0; i < ROUNDS; i++)
		once(coach);
	without_room(coach);
	everywhere();
	gate_coach_close(coach);
	CHECK(gate_violations() == 0);
	return 0;
}
