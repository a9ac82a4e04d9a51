/* How often a runtime is asked to collect its garbage while calls may be held back: every few milliseconds, or now,
 * where a call is about to be held for it; as far as the budget allows. */
#ifndef HG_PACE_H
#define HG_PACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct hg_pace {
	_Atomic uint64_t next; /* when it may be asked again, in monotonic ns; UINT64_MAX: it is being asked */
};

/* Whether it is to be asked. Then nobody else is told so before one of the functions below was called. */
bool hg_pace_due(struct hg_pace *pace, bool now);

/* It could not be asked. */
void hg_pace_in_vain(struct hg_pace *pace);

/* It has collected its garbage, for so long. */
void hg_pace_collected(struct hg_pace *pace, uint64_t ns);

#endif
