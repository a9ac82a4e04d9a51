/* Whether a call is held back, and for how long: one point after the other has its turn, and what came to nothing has
 * it less often. */
#ifndef HG_TURNS_H
#define HG_TURNS_H

#include "provoke/call_sites.h"

/* How long this call, which has come to the point, is to be held, in milliseconds; 0: not at all. `number`: which call
 * of the site it is. */
uint64_t hg_turn_at(const struct hg_site *site, enum hg_point point, uint32_t number);

/* It was held, and nothing is known to have come of it. */
void hg_turn_over(struct hg_site *site, enum hg_point point);

/* What has led to a finding, or to a warning at this point, is not held there any more in this run. */
bool hg_turn_rests(const struct hg_site *site, enum hg_point point);

/* At which of its side's turns the point is held. */
uint32_t hg_turn_of(enum hg_point point);

void hg_turns_start(void);

#endif
