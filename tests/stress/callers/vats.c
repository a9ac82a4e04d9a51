/* Vats: the library puts off a free of one inside a use of it, if it is asked by one function; the other is like any.
 * And a vat may end by a last use, after which it comes again. */
#include "questions.h"
#include "world.h"

/* So many calls of a thread the recording has room for, and a free takes note of. */
enum { DEEPEST = 40 };

struct use {
	struct world *world;
	struct vat *vat;
	bool allowed;
};

static struct vessel *handle_of(struct vat *vat)
{
	return (struct vessel *)vat->place;
}

static int free_inside(void *object)
{
	struct use *use = object;
	bool deferred = !use->allowed && !use->world->model.observes;
	int result = use->allowed ? vat_let_go(handle_of(use->vat)) : vat_free(handle_of(use->vat));
	if (result != (deferred ? CASKS_DEFERRED : CASKS_FREED))
		fault("inside a use %s returned %d", use->allowed ? "vat_let_go" : "vat_free", result);
	return 0;
}

static void make(struct world *world, struct vat *vat)
{
	vat->life++;
	vat->unseen = false;
	world->vats_made++;
	if (vat_new(vat->place) != handle_of(vat))
		fault("a vat_new returned another place");
}

/* By a use after which it may have ended; the library has ended it. */
static void end_by_itself(struct world *world, struct vat *vat)
{
	make(world, vat);
	if (vat_last_use(handle_of(vat)) != 1)
		fault("a vat_last_use was rejected");
	world->vats_unseen++;
	vat->unseen = true;
}

bool use_vat(struct world *world)
{
	struct vat *vat = &world->vats[here()->index];
	struct use use = {world, vat, draw(world, 3) != 0};
	if (model_depth_of(&world->model, here()->index) > DEEPEST)
		return false;
	if (!draw(world, 3)) {
		end_by_itself(world, vat);
		return true;
	}
	make(world, vat);
	if (!use.allowed)
		expect_aside(world, "reentrant-free", vat->place, vat->life);
	world->model.happened[F_VAT] += use.allowed;
	if (vat_use(handle_of(vat), free_inside, &use) != 1)
		fault("a vat_use was rejected");
	world->vats_freed++;
	return true;
}
