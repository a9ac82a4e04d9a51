/* Rebinding the GOT slots of an object to the functions that it means (bindings.h says why). While the objects are
 * held. */
#ifndef HG_REBIND_H
#define HG_REBIND_H

#include "dynlink/got_slots.h"
#include "dynlink/scope.h"

struct hg_slot;

/* All GOT slots of an object that the dynamic linker is done with. `ambiguous`: there are names with several
 * definitions. */
void hg_rebind_object(const struct hg_objects *objects, unsigned number, bool ambiguous);

/* What the object means by this name, if it has a GOT slot that leads to this stub. */
bool hg_rebind_meaning(const struct hg_objects *objects, unsigned number, const char *name, const void *stub,
                       struct hg_found *found);

#endif
