/* How long calls may be held back, and how long garbage may be collected meanwhile: for each a share of the time that
 * passes, of which the first is free. */
#ifndef HG_BUDGET_H
#define HG_BUDGET_H

#include <stdint.h>

enum hg_purpose { HG_TO_HOLD, HG_TO_COLLECT, HG_PURPOSES };

void hg_budget_start(void);

/* What may still be spent, in nanoseconds. */
uint64_t hg_budget_left(enum hg_purpose purpose);

void hg_budget_spend(enum hg_purpose purpose, uint64_t ns);

#endif
