/* Coaches, to which horses are harnessed, and trunks loaded. A coach that runs has all of its horses run, and those
 * that are tethered to these; what is done to the coach alone leaves them where they are. A coach frees its trunks. A
 * horse that is freed stays where it is harnessed; one that is retired does not. */
#include "box.h"
#include "gate.h"

enum { PLACES = 8 };

struct coach {
	struct box box; /* of a horse too: what is tethered to it */
	struct coach *horses[PLACES], *trunks[PLACES];
	struct coach *harnessed_to;
};

static struct coach *make(void)
{
	return (struct coach *)box_new_of(sizeof(struct coach));
}

static int put(struct coach **places, struct coach *what)
{
	for (int i = 0; i < PLACES; i++)
		if (!places[i]) {
			places[i] = what;
			return 0;
		}
	return 1;
}

static void take(struct coach **places, const struct coach *what)
{
	for (int i = 0; i < PLACES; i++)
		if (places[i] == what)
			places[i] = NULL;
}

static void each(struct coach *coach, void (*visit)(struct box *box))
{
	visit(&coach->box);
	for (int i = 0; i < PLACES; i++)
		if (coach->horses[i])
			each(coach->horses[i], visit);
}

gate_coach *gate_coach_open(void)
{
	return (gate_coach *)make();
}

int gate_coach_run(gate_coach *coach)
{
	each((struct coach *)coach, box_enter);
	each((struct coach *)coach, box_leave);
	return 1;
}

int gate_coach_wait(gate_coach *coach)
{
	each((struct coach *)coach, box_enter);
	box_park((struct box *)coach);
	each((struct coach *)coach, box_leave);
	return 2;
}

int gate_coach_polish(gate_coach *coach)
{
	box_enter((struct box *)coach);
	box_leave((struct box *)coach);
	return 1;
}

void gate_coach_close(gate_coach *coach)
{
	struct coach *mine = (struct coach *)coach;
	for (int i = 0; i < PLACES; i++)
		if (mine->trunks[i])
			box_free(&mine->trunks[i]->box);
	box_free(&mine->box);
}

gate_horse *gate_horse_open(void)
{
	return (gate_horse *)make();
}

int gate_horse_touch(gate_horse *horse)
{
	return gate_coach_polish((gate_coach *)horse);
}

void gate_horse_free(gate_horse *horse)
{
	box_free((struct box *)horse);
}

void gate_horse_retire(gate_horse *horse)
{
	struct coach *mine = (struct coach *)horse;
	if (mine->harnessed_to)
		take(mine->harnessed_to->horses, mine);
	gate_horse_free(horse);
}

int gate_coach_harness(gate_coach *coach, gate_horse *horse)
{
	struct coach *to = (struct coach *)coach, *mine = (struct coach *)horse;
	if (put(to->horses, mine))
		return 1;
	mine->harnessed_to = to;
	return 0;
}

int gate_horse_tether(gate_horse *to, gate_horse *horse)
{
	return gate_coach_harness((gate_coach *)to, horse);
}

int gate_coach_seat(gate_coach *coach, int place, gate_horse *horse)
{
	((struct coach *)coach)->horses[place] = (struct coach *)horse;
	return 0;
}

void gate_coach_unharness(gate_coach *coach, gate_horse *horse)
{
	take(((struct coach *)coach)->horses, (struct coach *)horse);
}

void gate_coach_unharness_all(gate_coach *coach)
{
	for (int i = 0; i < PLACES; i++)
		((struct coach *)coach)->horses[i] = NULL;
}

gate_trunk *gate_trunk_open(void)
{
	return (gate_trunk *)make();
}

int gate_trunk_touch(gate_trunk *trunk)
{
	return gate_coach_polish((gate_coach *)trunk);
}

int gate_trunk_wait(gate_trunk *trunk)
{
	return gate_coach_wait((gate_coach *)trunk);
}

void gate_trunk_close(gate_trunk *trunk)
{
	box_free((struct box *)trunk);
}

int gate_coach_load(gate_coach *coach, gate_trunk *trunk)
{
	return put(((struct coach *)coach)->trunks, (struct coach *)trunk);
}

void gate_coach_hand_back(gate_coach *coach, gate_trunk *trunk)
{
	take(((struct coach *)coach)->trunks, (struct coach *)trunk);
}
