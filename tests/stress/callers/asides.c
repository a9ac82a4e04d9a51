/* What a program does beside its casks: calls that are over at once, wherever they are made, and change nothing of what
 * the model knows. Each kind has a file of its own, and says what is told of it. */
#include <stdio.h>
#include <string.h>

#include "world.h"

static const struct {
	enum feature feature;
	bool (*play)(struct world *world);
} asides[] = {
    {F_LID, poke_no_lid},
    {F_KEY, turn_key},
    {F_COUNTED, use_kegs},
    {F_DEED, use_deed},
    {F_JAR, use_jar},
    {F_PAIR, use_pair},
    {F_VAT, use_vat},
    {F_TUN, use_tun},
    {F_DREG, use_dreg},
    {F_DROSS, use_dross},
    {F_BELL, free_under_waiter},
    {F_BY_CLASS, use_mashes},
    {F_CLEARED, skim_mashes},
    {F_SHED, use_shed},
    {F_DRAY, drive},
};

enum { ASIDES = sizeof asides / sizeof *asides };

bool play_aside(struct world *world)
{
	unsigned from = draw(world, ASIDES);
	for (unsigned i = 0; i < ASIDES; i++)
		if (has(world, asides[(from + i) % ASIDES].feature))
			return asides[(from + i) % ASIDES].play(world);
	return false;
}

void expect_aside(struct world *world, const char *kind, const void *handle, unsigned life)
{
	if (world->aside_count == ASIDES_EXPECTED)
		fault("too much is expected beside the casks");
	world->asides[world->aside_count++] = (struct aside){kind, handle, life};
}

void tell_asides(const struct world *world)
{
	for (unsigned i = 0; i < world->aside_count; i++)
		printf("expect %s %p %u\n", world->asides[i].kind, world->asides[i].handle, world->asides[i].life);
	const struct cellar *cellar = &world->cellar;
	printf("book keg %u %u 0 0\nbook mug %u %u 0 0\n", cellar->kin.kegs, cellar->kin.kegs_ended, cellar->kin.mugs,
	       cellar->kin.mugs_ended);
	printf("book mash %u %u 0 0\n", cellar->kin.mashes, cellar->kin.mashes_ended);
	for (int i = 0; i < 3; i++)
		printf("book %s %u %u 0 0\n", (const char *[]){"brew", "foam", "lees"}[i], cellar->kin.drawn[i],
		       cellar->kin.drawn_ended[i]);
	printf("book key %u %u 0 0\n", world->keys_made, world->keys_freed);
	printf("book vat %u %u 0 %u\n", world->vats_made, world->vats_freed + world->vats_unseen, world->vats_unseen);
	printf("book tun %u %u 0 0\n", world->tuns_made, world->tuns_freed);
	tell_drosses(world);
	printf("book shed %u %u 0 0\n", world->sheds_made, world->sheds_freed);
	for (int i = 0; i < 3; i++)
		printf("book %s %u %u 0 0\n", (const char *[]){"dray", "ox", "sack"}[i], world->team.made[i],
		       world->team.ended[i]);
	printf("book dreg %u %u 0 0\n", world->dregs_made, world->dregs_freed);
	printf("book bell %u %u 0 0\n", cellar->bells, cellar->bells);
	printf("book deed %u %u 0 0\n", world->deeds_made, world->deeds_freed);
	printf("book jar %u %u 0 0\n", cellar->jars_made, cellar->jars_ended);
}

void forget_asides(struct world *world)
{
	world->cellar.jars_made = world->cellar.jars_ended = 0;
	memset(&world->cellar.kin, 0, sizeof world->cellar.kin);
	world->cellar.bells = world->bells_made = 0;
	world->aside_count = world->keys_made = world->keys_freed = world->deeds_made = world->deeds_freed = 0;
	world->vats_made = world->vats_freed = world->vats_unseen = 0;
	memset(world->team.made, 0, sizeof world->team.made);
	memset(world->team.ended, 0, sizeof world->team.ended);
	world->tuns_made = world->tuns_freed = world->dregs_made = world->dregs_freed = 0;
	world->drosses_made = world->drosses_freed = world->sheds_made = world->sheds_freed = 0;
	/* That they have ended, this process is to find out by itself. */
	for (int i = 0; i < THREADS; i++)
		world->vats_unseen += world->vats[i].unseen;
	for (int i = 0; i < KEYS; i++)
		world->keys[i].thread = NOBODY;
}
