/* Several real functions of one name: those of two copies of a library in one process, or those of two versions that
 * one library has of a function. Each gets a slot of its own that is bound to it alone, and a stub that leads there;
 * the slot of the preload object then only sends calls on (resolve.c). Such slots lie in copies of the preload object's
 * image: for another copy of the library with classes of their own, so that handles of the two are kept apart, for
 * another version of a function with the same classes. All of this while the objects are held (objects.h). */
#ifndef HG_INSTANCES_H
#define HG_INSTANCES_H

#include "bind/stub_pool.h"
#include "dynlink/objects.h"
#include "format/image.h"

/* The slot that is bound to this function of a library alone. Null: no memory. */
struct hg_slot *hg_instance_slot(struct hg_slot *slot, const struct hg_objects *objects, unsigned library, void *real);

/* The stub of such a slot; null: there are no more. */
const void *hg_instance_stub(struct hg_slot *slot);
bool hg_instance_is_stub(const void *function);

#endif
