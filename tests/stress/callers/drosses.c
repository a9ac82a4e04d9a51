/* Drosses end with the process, by a handler at exit of the library's. A handler of the program's that is run after
 * that one uses those that were alive, which is late. A child ends without handlers. */
#include <stdio.h>

#include "world.h"

static struct vessel *handle_of(const struct dross *dross)
{
	return (struct vessel *)dross->place;
}

static void make(struct world *world, struct dross *dross)
{
	dross->lives = true;
	dross->life++;
	world->drosses_made++;
	world->model.happened[F_DROSS]++;
	if (dross_new(dross->place) != handle_of(dross))
		fault("a dross_new returned another place");
}

static void end(struct world *world, struct dross *dross)
{
	if (dross_free(handle_of(dross)) != CASKS_FREED)
		fault("a dross_free was rejected");
	dross->lives = false;
	world->drosses_freed++;
}

bool use_dross(struct world *world)
{
	struct dross *dross = &world->drosses[draw(world, DROSSES)];
	if (!dross->lives)
		make(world, dross);
	else if (!draw(world, 3))
		end(world, dross);
	else if (dross_poke(handle_of(dross)) != 1)
		fault("a dross_poke was rejected");
	return true;
}

void tell_drosses(const struct world *world)
{
	unsigned ended = world->drosses_freed;
	for (int i = 0; i < DROSSES && !world->is_child; i++)
		if (world->drosses[i].lives) {
			ended++;
			printf("expect late-op %p %u\n", (const void *)world->drosses[i].place, world->drosses[i].life);
		}
	printf("book dross %u %u 0 0\n", world->drosses_made, ended);
}

void use_drosses_late(const struct world *world)
{
	int right = world->model.observes ? 1 : CASKS_REJECTED;
	for (int i = 0; i < DROSSES; i++)
		if (world->drosses[i].lives && dross_poke(handle_of(&world->drosses[i])) != right)
			fault("a dross_poke came through after the end");
}
