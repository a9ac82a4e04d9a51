/* Ops that are turned away at places that are new: each is a finding of its own, with its stacks. */
#include <math.h>

#include "places.h"
#include "works.h"

enum { PLACES_A_ROUND = 200 };

double hg_work_late_places(unsigned unused)
{
	static struct target *freed;
	static unsigned place;
	(void)unused;
	if (!freed) {
		freed = target_open();
		target_free(freed);
	}
	if (place + PLACES_A_ROUND > PLACES)
		return NAN;
	uint64_t begun = target_now();
	for (unsigned i = 0; i < PLACES_A_ROUND; i++)
		op_at_place(freed, place++);
	return (double)(target_now() - begun) / PLACES_A_ROUND;
}
