/* What stands in the place of a handle: nothing, or what was never given out. Such a call is over at once, wherever it
 * is made, and changes nothing; a lid that is one is made, used and freed in between. */
#include "world.h"

char never_given_out[16];

static void poke(struct world *world, struct vessel *lid, int rejected)
{
	int result = lid_poke(lid);
	if (result != rejected)
		fault("a lid_poke of %p returned %d, expected %d", (void *)lid, result, rejected);
	world->model.happened[F_LID]++;
}

static bool poke_null(struct world *world)
{
	poke(world, NULL, world->model.observes ? CASKS_OF_NOTHING : CASKS_REJECTED);
	world->model.nulls++;
	return true;
}

/* While another world makes a lid, nobody can tell whether a stray is that one. */
static bool use_lid(struct world *world)
{
	if (!world->is_alone)
		return poke_null(world);
	struct vessel *lid = lid_new(&world->cellar);
	poke(world, lid, 1);
	lid_free(lid);
	return true;
}

/* Where nothing is turned away a stray is told once, and is a handle from then on. */
static bool poke_stray(struct world *world)
{
	if (world->model.observes)
		return use_lid(world);
	poke(world, (struct vessel *)never_given_out, CASKS_REJECTED);
	world->model.strays++;
	return true;
}

bool poke_no_lid(struct world *world)
{
	switch (draw(world, 3)) {
	case 0:
		return poke_null(world);
	case 1:
		return poke_stray(world);
	default:
		return use_lid(world);
	}
}
