/* Children that the free of their parent has left behind. */
#ifndef HG_ORPHANS_H
#define HG_ORPHANS_H

#include "entry/call.h"
#include "format/image.h"
#include "protocol/descendants.h"

/* Whether it is the program that frees a child whose parent's free has begun. */
bool hg_is_orphan(struct hg_call *call, struct hg_guard *guard, struct hg_parting *parting);

/* Such a free would reach into what is gone: it is told and, unless only observed, given up. False: given up. */
bool hg_free_orphan(struct hg_call *call, struct hg_guard *guard, const struct hg_parting *parting);

/* Tells of a free that has left children behind, if it means that for them. */
void hg_tell_orphans(struct hg_call *call, struct hg_guard *guard, uint32_t generation, enum hg_children children);

#endif
