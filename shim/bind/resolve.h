/* (symbol, caller) -> the real function. */
#ifndef HG_RESOLVE_H
#define HG_RESOLVE_H

#include "dynlink/objects.h"
#include "format/image.h"

/* Finds the real function that a call means: the slot that is bound to it, the one called or one of its own. Null:
 * there is none. The slot's image is listed. May call libc. */
struct hg_slot *hg_resolve(struct hg_slot *slot, const void *caller);

/* Gives a slot of its own the symbol that it needs to be guarded: by its first call, because most are never called. The
 * same while the objects are held. */
void hg_name_slot(struct hg_slot *slot);
void hg_name_slot_of(const struct hg_objects *objects, struct hg_slot *slot);

#endif
