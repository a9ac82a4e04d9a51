/* Handles that are made from others, and go with them. */
#include <math.h>
#include <stdlib.h>

#include "target.h"
#include "works.h"

enum { FREES = 200, LIVES = 5000 };

static struct trunk *grown(void)
{
	struct trunk *trunk = trunk_open();
	for (int i = 0; trunk && i < BRANCHES; i++)
		branch_open(trunk);
	return trunk;
}

/* Of those that are freed each is grown anew at once: the others stay as many. */
double hg_work_family(unsigned families)
{
	struct trunk **trunks = calloc(families, sizeof(struct trunk *));
	uint64_t taken = 0;
	if (!trunks)
		return NAN;
	for (unsigned i = 0; i < families; i++)
		trunks[i] = grown();
	for (unsigned i = 0; i < FREES; i++) {
		struct trunk **one = &trunks[i * (uint64_t)families / FREES];
		uint64_t begun = target_now();
		trunk_free(*one);
		taken += target_now() - begun;
		*one = grown();
	}
	for (unsigned i = 0; i < families; i++)
		trunk_free(trunks[i]);
	free(trunks);
	return (double)taken / FREES;
}

double hg_work_branch_churn(unsigned unused)
{
	(void)unused;
	struct trunk *trunk = trunk_open();
	if (!trunk)
		return NAN;
	uint64_t begun = target_now();
	for (int i = 0; i < LIVES; i++)
		branch_free(branch_open(trunk));
	double taken = (double)(target_now() - begun) / LIVES;
	trunk_free(trunk);
	return taken;
}
