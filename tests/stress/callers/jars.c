/* A jar is memory of the program's own: filled, used and ended at one address for ever, at the right time and at the
 * wrong one. And lids that come two at once. */
#include "world.h"

static void fill(struct world *world)
{
	jar_init(&world->jar, &world->cellar);
	world->jar_life++;
	if (world->jar_lives)
		expect_aside(world, "reborn", &world->jar, world->jar_life);
	world->jar_lives = true;
}

/* A call that comes when the jar has ended: it is told, and reaches the library only where nothing is turned away. */
static void check(struct world *world, const char *name, int result, int sound, int late, const char *kind)
{
	int expected = world->jar_lives ? sound : world->model.observes ? late : CASKS_REJECTED;
	if (result != expected)
		fault("%s returned %d, expected %d", name, result, expected);
	if (!world->jar_lives)
		expect_aside(world, kind, &world->jar, world->jar_life);
}

bool use_jar(struct world *world)
{
	world->model.happened[F_JAR]++;
	switch (world->jar_life ? draw(world, 4) : 0) {
	case 0:
		fill(world);
		break;
	case 1:
		check(world, "jar_end", jar_end(&world->jar), CASKS_FREED, CASKS_FREED, "repeat-free");
		world->jar_lives = false;
		break;
	default:
		check(world, "jar_poke", jar_poke(&world->jar), 1, CASKS_OF_NOTHING, "late-op");
	}
	return true;
}

/* While another world makes lids, nobody can tell whether its stray is one of them. */
bool use_pair(struct world *world)
{
	struct vessel *two[2];
	if (!world->is_alone)
		return false;
	world->model.happened[F_PAIR]++;
	lid_pair(&world->cellar, two);
	for (int i = 0; i < 2; i++)
		if (lid_poke(two[i]) != 1 || lid_free(two[i]) != CASKS_FREED)
			fault("lid %d of a pair was turned away", i);
	return true;
}
