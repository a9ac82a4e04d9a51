/* A free that meets an op which nobody but the guard wakes: by ringing, until it is heard. It is over at once, wherever
 * it is made, with a thread that is none of the world's. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wakers.h"
#include "world.h"

static void *wait(void *bell)
{
	return bell_wait(bell) == 1 ? bell : NULL;
}

/* Who rings is awake before a free is put off: if it was heard by then, nobody is left to put it off to. */
static bool can_return(const struct model *model, int result)
{
	bool defers = model->defers || (model->locks && holds_lock(here()->index));
	if (model->observes)
		return result == CASKS_FREED;
	if (model->times_out)
		return result == CASKS_REJECTED;
	return result == CASKS_FREED || (defers && result == CASKS_DEFERRED);
}

/* Where nothing wakes it, the program does once the free is over; a free that has waited for no time has timed out. */
static void free_it(struct world *world, struct bell *bell)
{
	const struct model *model = &world->model;
	int result = bell_free(bell);
	if (!can_return(model, result))
		fault("a bell_free of %p returned %d, which it cannot", (void *)bell, result);
	if (model->observes || model->times_out)
		bell_let_go(bell);
	expect_aside(world, model->times_out && !model->observes ? "drain-timeout" : "late-free", bell, 1);
	if (model->times_out && !model->observes)
		expect_aside(world, "freed-late", bell, 1);
}

bool free_under_waiter(struct world *world)
{
	pthread_t waiter;
	void *heard;
	if (here()->handling || world->bells_made == BELLS)
		return false;
	world->bells_made++;
	struct bell *bell = bell_new(&world->cellar, (int)draw(world, 3));
	if (pthread_create(&waiter, NULL, wait, bell) != 0)
		abort();
	bell_await(bell);
	free_it(world, bell);
	if (pthread_join(waiter, &heard) != 0 || heard != bell)
		fault("who waited at %p was turned away", (void *)bell);
	/* A free that was left to the last op may be left to who rings. */
	while (wakers() > 0)
		sched_yield();
	world->model.happened[F_BELL]++;
	return true;
}
