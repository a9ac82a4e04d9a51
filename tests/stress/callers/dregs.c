/* Dregs, not all of which are seen to come: each is used and freed like any other, and a free of a value that was freed
 * before, and has not been met since, is told. */
#include "world.h"

static struct vessel *handle_of(struct dreg *dreg)
{
	return (struct vessel *)dreg->place;
}

/* One that comes unseen lives, for the guards, from the first call that names it. */
static void meet(struct world *world, struct dreg *dreg)
{
	if (dreg->met)
		return;
	dreg->met = true;
	dreg->life++;
	world->dregs_made++;
}

static void make(struct world *world, struct dreg *dreg)
{
	bool seen = draw(world, 2);
	dreg->lives = true;
	dreg->met = false;
	if (seen)
		meet(world, dreg);
	if ((seen ? dreg_new(dreg->place) : dreg_find(dreg->place)) != handle_of(dreg))
		fault("another place than the dreg's was returned");
}

static void use(struct world *world, struct dreg *dreg)
{
	meet(world, dreg);
	if (dreg_poke(handle_of(dreg)) != 1)
		fault("a dreg_poke was rejected");
}

static void end(struct world *world, struct dreg *dreg)
{
	if (!dreg->met && dreg->freed) {
		expect_aside(world, "freed-again", dreg->place, dreg->life);
		world->model.happened[F_DREG]++;
	}
	meet(world, dreg);
	if (dreg_free(handle_of(dreg)) != CASKS_FREED)
		fault("a dreg_free was rejected");
	dreg->lives = false;
	dreg->freed = true;
	world->dregs_freed++;
}

bool use_dreg(struct world *world)
{
	struct dreg *dreg = &world->dregs[draw(world, DREGS)];
	for (unsigned steps = 2 + draw(world, 4); steps; steps--)
		if (!dreg->lives)
			make(world, dreg);
		else if (draw(world, 2))
			use(world, dreg);
		else
			end(world, dreg);
	return true;
}
