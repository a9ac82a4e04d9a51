/* Deeds belong to the process that has made each. A child may use those that it has inherited, and is told of; it
 * cannot give them back. */
#include "world.h"

static struct vessel *handle_of(struct deed *deed)
{
	return (struct vessel *)deed->place;
}

static void make(struct world *world, struct deed *deed)
{
	deed->lives = true;
	deed->life++;
	deed->inherited = false;
	world->deeds_made++;
	if (deed_new(deed->place) != handle_of(deed))
		fault("a deed_new returned another place");
}

static void use(struct world *world, struct deed *deed)
{
	if (deed->inherited)
		expect_aside(world, "inherited", deed->place, deed->life);
	if (deed_poke(handle_of(deed)) != 1)
		fault("a deed_poke was rejected");
}

static void drop(struct world *world, struct deed *deed)
{
	bool withheld = deed->inherited && !world->model.observes;
	if (deed->inherited)
		expect_aside(world, "inherited", deed->place, deed->life);
	int result = deed_free(handle_of(deed));
	if (result != (withheld ? CASKS_DEFERRED : CASKS_FREED))
		fault("a deed_free returned %d, of one that was %sinherited", result, deed->inherited ? "" : "not ");
	deed->lives = withheld;
	world->deeds_freed += !withheld;
}

bool use_deed(struct world *world)
{
	struct deed *deed = &world->deeds[draw(world, DEEDS)];
	world->model.happened[F_DEED]++;
	if (!deed->lives)
		make(world, deed);
	else if (draw(world, 2))
		use(world, deed);
	else
		drop(world, deed);
	return true;
}

void leave_deed(struct world *world)
{
	if (has(world, F_DEED) && !world->deeds[0].lives)
		make(world, &world->deeds[0]);
}

void inherit_deeds(struct world *world)
{
	for (int i = 0; i < DEEDS; i++)
		world->deeds[i].inherited = true;
	if (!has(world, F_DEED))
		return;
	use(world, &world->deeds[0]);
	drop(world, &world->deeds[0]);
}
