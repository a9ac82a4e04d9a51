/* Drays, to which oxen are yoked, in a place of their own or in none, and sacks are loaded. An ox that is freed and not
 * unyoked is told of at each haul, till it is unyoked or its place is another ox's; a sack is its dray's to free. */
#include "world.h"

static struct vessel *handle_of(void *place)
{
	return (struct vessel *)place;
}

static void make(struct vessel *(*create)(void *place), void *place, bool *lives, unsigned *life, unsigned *made)
{
	*lives = true;
	++*life;
	++*made;
	if (create(place) != handle_of(place))
		fault("a create returned another place than its own");
}

static void make_what_is_gone(struct world *world)
{
	struct team *team = &world->team;
	if (!team->lives) {
		make(dray_new, team->place, &team->lives, &team->life, &team->made[0]);
		for (int i = 0; i < OXEN; i++)
			team->oxen[i].yoked = 0;
	}
	for (int i = 0; i < OXEN; i++)
		if (!team->oxen[i].lives) {
			struct ox *ox = &team->oxen[i];
			/* One that has come to the place of a dead one is not yoked. */
			if (draw(world, 4))
				continue;
			ox->yoked = 0;
			make(ox_new, ox->place, &ox->lives, &ox->life, &team->made[1]);
		}
	if (!team->sack_lives) {
		team->sack_loaded = false;
		make(sack_new, team->sack, &team->sack_lives, &team->sack_life, &team->made[2]);
	}
}

static bool is_dangling(const struct team *team)
{
	bool any = false;
	for (int i = 0; i < OXEN; i++)
		any |= team->oxen[i].yoked && !team->oxen[i].lives;
	return any;
}

static void haul(struct world *world)
{
	struct team *team = &world->team;
	bool dangling = is_dangling(team);
	int result = dray_haul(handle_of(team->place));
	if (dangling) {
		expect_aside(world, "dangling", team->place, team->life);
		world->model.happened[F_DRAY]++;
	}
	if (result != (dangling && !world->model.observes ? CASKS_REJECTED : 1))
		fault("a haul by a dray that is %sdangling returned %d", dangling ? "" : "not ", result);
	if (dray_wash(handle_of(team->place)) != 2)
		fault("a dray_wash was rejected");
}

/* Yoked: bit 0 in no place, bits 1 and 2 in either of two. */
static void yoke(struct world *world, struct ox *ox)
{
	struct team *team = &world->team;
	int place = (int)draw(world, 3);
	bool fails = !place && draw(world, 3) == 0;
	int result = place ? dray_seat(handle_of(team->place), place, handle_of(ox->place))
	                   : dray_yoke(handle_of(team->place), handle_of(ox->place), fails);
	if (result != fails)
		fault("a yoke returned %d", result);
	for (int i = 0; place && i < OXEN; i++)
		team->oxen[i].yoked &= ~(1u << place);
	ox->yoked |= fails ? 0 : 1u << place;
}

static void unyoke(struct world *world, struct ox *ox)
{
	struct team *team = &world->team;
	bool all = draw(world, 3) == 0;
	if ((all ? dray_unyoke_all(handle_of(team->place))
	         : dray_unyoke(handle_of(team->place), handle_of(ox->place))) != 3)
		fault("a dray_unyoke was rejected");
	for (int i = 0; i < OXEN; i++)
		if (all || &team->oxen[i] == ox)
			team->oxen[i].yoked = 0;
}

static void end_ox(struct world *world, struct ox *ox)
{
	bool retires = draw(world, 3) == 0;
	if ((retires ? ox_retire : ox_free)(handle_of(ox->place)) != CASKS_FREED)
		fault("an ox_free was rejected");
	ox->lives = false;
	ox->yoked = retires ? 0 : ox->yoked;
	world->team.ended[1]++;
}

static void end_sack(struct world *world)
{
	struct team *team = &world->team;
	int right = team->sack_loaded && !world->model.observes ? CASKS_DEFERRED : CASKS_FREED;
	if (team->sack_loaded) {
		expect_aside(world, "given-free", team->sack, team->sack_life);
		world->model.happened[F_DRAY]++;
	}
	if (sack_free(handle_of(team->sack)) != right)
		fault("a sack_free of one that is %sloaded was not as it should be", team->sack_loaded ? "" : "not ");
	if (right == CASKS_DEFERRED)
		return;
	team->sack_lives = false;
	team->ended[2]++;
}

static void load(struct world *world)
{
	struct team *team = &world->team;
	bool loads = !team->sack_loaded;
	int result = (loads ? dray_load : dray_unload)(handle_of(team->place), handle_of(team->sack));
	if (result != 4)
		fault("a load returned %d", result);
	team->sack_loaded = loads;
}

static void end_dray(struct world *world)
{
	struct team *team = &world->team;
	if (dray_free(handle_of(team->place)) != CASKS_FREED)
		fault("a dray_free was rejected");
	team->lives = false;
	team->ended[0]++;
	team->ended[2] += team->sack_loaded;
	team->sack_lives = team->sack_lives && !team->sack_loaded;
}

bool drive(struct world *world)
{
	struct team *team = &world->team;
	for (unsigned steps = 6 + draw(world, 8); steps; steps--) {
		make_what_is_gone(world);
		struct ox *ox = &team->oxen[draw(world, OXEN)];
		unsigned what = draw(world, 12);
		if (what == 0)
			end_dray(world);
		else if (what == 1)
			end_sack(world);
		else if (what == 2)
			load(world);
		else if (what <= 5 && ox->lives)
			yoke(world, ox);
		else if (what == 6 && ox->lives)
			unyoke(world, ox);
		else if (what == 7 && ox->lives)
			end_ox(world, ox);
		else
			haul(world);
	}
	return true;
}
