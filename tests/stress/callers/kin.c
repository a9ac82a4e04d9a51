/* Handles that are made from others, each rule of a parent's end on its own: made, used and ended in one step, so
 * that what is right follows from what the step has done so far. */
#include "kegs.h"
#include "world.h"

enum { MUGS = 3, TURNS = 12 };

/* Of a call on what is gone: turned away, or only told. */
static int late(struct world *world, const char *kind, const void *handle, int result)
{
	expect_aside(world, kind, handle, 1);
	return world->model.observes ? result : CASKS_REJECTED;
}

static void check(const char *call, int result, int expected)
{
	if (result != expected)
		fault("%s returned %d, expected %d", call, result, expected);
}

/* --- a counted parent, which its children hold --- */

struct kegs {
	struct keg *keg;
	unsigned refs; /* of the program's */
	struct mug *mugs[MUGS];
};

static void poke_keg(struct world *world, struct kegs *it)
{
	check("keg_poke", keg_poke(it->keg), it->refs ? 1 : late(world, "late-op", it->keg, 1));
}

static void unref_keg(struct world *world, struct kegs *it)
{
	if (it->refs) {
		it->refs--;
		check("keg_unref", keg_unref(it->keg), CASKS_FREED);
	} else if (!world->model.observes)
		check("keg_unref", keg_unref(it->keg), late(world, "repeat-free", it->keg, CASKS_FREED));
}

static void use_mug(struct world *world, struct kegs *it)
{
	struct mug **mug = &it->mugs[draw(world, MUGS)];
	if (!*mug && it->refs) {
		*mug = mug_new(it->keg);
	} else if (*mug && draw(world, 3)) {
		check("mug_poke", mug_poke(*mug), 1);
	} else if (*mug) {
		check("mug_free", mug_free(*mug), CASKS_FREED);
		if (draw(world, 2))
			check("mug_poke", mug_poke(*mug), late(world, "late-op", *mug, 1));
		*mug = NULL;
	}
}

static void end_kegs(struct kegs *it)
{
	while (it->refs--)
		check("keg_unref", keg_unref(it->keg), CASKS_FREED);
	for (int i = 0; i < MUGS; i++)
		if (it->mugs[i])
			check("mug_free", mug_free(it->mugs[i]), CASKS_FREED);
}

bool use_kegs(struct world *world)
{
	struct kegs it = {.keg = keg_new(&world->cellar), .refs = 1};
	for (unsigned turns = draw(world, TURNS); turns; turns--)
		switch (draw(world, 6)) {
		case 0:
			poke_keg(world, &it);
			break;
		case 1:
			unref_keg(world, &it);
			break;
		case 2:
			if (it.refs)
				it.refs += (unsigned)keg_ref(it.keg);
			break;
		default:
			use_mug(world, &it);
		}
	end_kegs(&it);
	world->model.happened[F_COUNTED]++;
	return true;
}

/* --- children whose end with their parent goes by their class, and by how that was made --- */

static const struct {
	struct drawn *(*draw)(struct mash *mash);
	int (*poke)(struct drawn *drawn), (*free)(struct drawn *drawn);
} draws[DRAWN] = {
    {brew_draw, brew_poke, brew_free}, {foam_draw, foam_poke, foam_free}, {lees_draw, lees_poke, lees_free}};

enum fate { KEPT, ENDED, LOST };

struct mashes {
	struct mash *mash;
	bool open, gone;
	struct drawn *drawn[DRAWN], *skimmed; /* skimmed: foam that went before the mash */
};

/* What has become of a kind with the mash. */
static enum fate fate_of(const struct mashes *it, int kind)
{
	static const enum fate fates[2][DRAWN] = {{KEPT, ENDED, LOST}, {LOST, KEPT, LOST}};
	return it->gone ? fates[it->open][kind] : KEPT;
}

static void poke_drawn(struct world *world, struct mashes *it, int kind)
{
	static const char *const kinds[] = {[ENDED] = "late-op", [LOST] = "orphan"};
	struct drawn *drawn = it->drawn[kind];
	enum fate fate = fate_of(it, kind);
	check("poke", draws[kind].poke(drawn), fate == KEPT ? 1 : late(world, kinds[fate], drawn, 1));
}

static void free_drawn(struct world *world, struct mashes *it, int kind)
{
	struct drawn *drawn = it->drawn[kind];
	if (fate_of(it, kind) == KEPT) {
		check("free", draws[kind].free(drawn), CASKS_FREED);
		it->drawn[kind] = NULL;
	} else if (fate_of(it, kind) == ENDED && !world->model.observes)
		check("free", draws[kind].free(drawn), late(world, "repeat-free", drawn, CASKS_FREED));
}

static void free_mash(struct world *world, struct mashes *it)
{
	bool any = false;
	if (it->gone) {
		check("mash_poke", mash_poke(it->mash), late(world, "late-op", it->mash, 1));
		return;
	}
	it->gone = true;
	for (int kind = 0; kind < DRAWN; kind++)
		any |= it->drawn[kind] && fate_of(it, kind) == LOST;
	if (any)
		expect_aside(world, "orphan", it->mash, 1);
	check("mash_free", mash_free(it->mash), CASKS_FREED);
}

static void use_drawn(struct world *world, struct mashes *it, int kind)
{
	if (!it->drawn[kind] && !it->gone)
		it->drawn[kind] = draws[kind].draw(it->mash);
	else if (it->drawn[kind] && draw(world, 3))
		poke_drawn(world, it, kind);
	else if (it->drawn[kind])
		free_drawn(world, it, kind);
}

/* Ends the foam, unless there are lees; a late one is turned away. */
static void skim(struct world *world, struct mashes *it)
{
	if (it->gone && world->model.observes)
		return;
	int result = it->gone ? late(world, "late-op", it->mash, 0) : it->drawn[LEES] ? -1 : 0;
	check("mash_skim", mash_skim(it->mash), result);
	if (result)
		return;
	it->skimmed = it->drawn[FOAM] ? it->drawn[FOAM] : it->skimmed;
	it->drawn[FOAM] = NULL;
	if (it->skimmed)
		check("foam_poke", foam_poke(it->skimmed), late(world, "late-op", it->skimmed, 1));
	world->model.happened[F_CLEARED] += it->skimmed != NULL;
}

bool skim_mashes(struct world *world)
{
	struct mashes it = {.mash = mash_new(&world->cellar, 0)};
	for (unsigned turns = draw(world, TURNS); turns; turns--)
		if (draw(world, 4))
			use_drawn(world, &it, draw(world, 3) ? FOAM : (int)draw(world, DRAWN));
		else
			skim(world, &it);
	free_mash(world, &it);
	skim(world, &it);
	return true;
}

bool use_mashes(struct world *world)
{
	bool open = draw(world, 2);
	struct mashes it = {.mash = mash_new(&world->cellar, open), .open = open};
	for (unsigned turns = draw(world, TURNS); turns; turns--)
		if (draw(world, 6))
			use_drawn(world, &it, (int)draw(world, DRAWN));
		else
			free_mash(world, &it);
	if (!it.gone)
		free_mash(world, &it);
	world->model.happened[F_BY_CLASS]++;
	return true;
}
