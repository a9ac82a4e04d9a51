/* There is one shed in a process, which no call is given: it is open as long as it has been opened oftener than closed.
 * Only a world that is alone in its process knows how often that was. */
#include "world.h"

static const void *const shed = (const void *)3;

static void open(struct world *world)
{
	if (!world->shed_claims++) {
		world->shed_life++;
		world->sheds_made++;
	}
	if (shed_open() != 0)
		fault("a shed_open failed");
}

static void call(struct world *world, const char *kind, int result, int right)
{
	if (!world->shed_claims)
		expect_aside(world, kind, shed, world->shed_life);
	if (result != (world->shed_claims || world->model.observes ? right : CASKS_REJECTED))
		fault("a call of the shed, which is %sopen, returned %d", world->shed_claims ? "" : "not ", result);
}

static void close(struct world *world)
{
	call(world, "repeat-free", shed_close(), CASKS_FREED);
	if (world->shed_claims && !--world->shed_claims)
		world->sheds_freed++;
}

bool use_shed(struct world *world)
{
	if (!world->is_alone)
		return false;
	world->model.happened[F_SHED]++;
	for (unsigned steps = 1 + draw(world, 4); steps; steps--)
		if (!world->shed_life || !draw(world, 3))
			open(world);
		else if (draw(world, 2))
			close(world);
		else
			call(world, "late-op", shed_poke(), 1);
	return true;
}
