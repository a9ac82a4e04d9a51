/* Near misses: an op of one thread and a free of another came to one handle, or to one and what it was made from,
 * within a second. Nothing was wrong; but who may have ordered them is not known. */
#ifndef HG_NEAR_MISS_H
#define HG_NEAR_MISS_H

#include "provoke/call_sites.h"
#include "provoke/kin.h"

/* An op was called here on the handle. */
void hg_near_note(const struct hg_kin *kin, struct hg_site *site, uint32_t tid);

/* A free is called here: learns what came near it. */
void hg_near_look(const struct hg_guard *guard, struct hg_site *site, uint32_t tid);

/* They are known to have come near each other. False: that was known. */
bool hg_near_know(struct hg_site *op, struct hg_site *free);

#endif
