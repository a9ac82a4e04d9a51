/* A horse is freed while its coach waits, and one that is only tethered to another horse of it: both frees wait for the
 * coach. Meanwhile the coach cannot run, though it can be polished. A horse that is freed without being unharnessed is
 * told of when its coach runs, not before, and no more once it is unharnessed.
 *
 * finding: late-free horse h; call gate_horse_retire in retire on groom; op gate_coach_wait in wait_in_coach on driver;
 *     create gate_horse_open in main; drained
 * finding: dangling coach c; call gate_coach_run in main; free gate_horse_retire in retire on groom; alive gate_horse_open in main;
 *     create gate_coach_open in main
 * finding: late-free horse t; call gate_horse_free in free_it on smith; op gate_coach_wait in wait_in_coach on driver;
 *     create gate_horse_open in main; drained
 * finding: dangling coach c; call gate_coach_run in main; free gate_horse_free in free_it on smith;
 *     alive gate_horse_open in main; create gate_coach_open in main
 * recording: handles.horse.created=3 handles.horse.freed=3 handles.coach.freed=1
 */
#include "scenario.h"

static void wait_in_coach(void *coach)
{
	CHECK(gate_coach_wait(coach) == 2);
}

static sem_t over;

static void retire(void *horse)
{
	gate_horse_retire(horse);
	sem_wait(&over);
}

static void free_it(void *horse)
{
	gate_horse_free(horse);
	sem_wait(&over);
}

int main(void)
{
	struct side driver, groom, smith;
	gate_coach *coach = gate_coach_open();
	gate_horse *horse = gate_horse_open(), *leader = gate_horse_open(), *tethered = gate_horse_open();
	tell("c", coach);
	tell("h", horse);
	tell("t", tethered);
	CHECK(sem_init(&over, 0, 0) == 0);
	CHECK(gate_coach_harness(coach, horse) == 0 && gate_coach_harness(coach, leader) == 0);
	CHECK(gate_horse_tether(leader, tethered) == 0 && gate_coach_run(coach) == 1);
	start(&driver, "driver", wait_in_coach, coach);
	gate_await_parked((gate *)coach, 1);
	start(&groom, "groom", retire, horse);
	await_drain(&groom);
	CHECK(gate_coach_run(coach) == -EPIPE && gate_coach_polish(coach) == 1);
	start(&smith, "smith", free_it, tethered);
	await_drain(&smith);
	gate_let_go((gate *)coach);
	join(&driver);
	sem_post(&over);
	sem_post(&over);
	join(&groom);
	join(&smith);
	CHECK(gate_coach_run(coach) == -EPIPE && gate_coach_polish(coach) == 1);
	gate_coach_unharness_all(coach);
	CHECK(gate_coach_run(coach) == 1);
	gate_horse_free(leader);
	gate_coach_close(coach);
	CHECK(gate_violations() == 0 && gate_frees() == 4);
	return 0;
}
