/* Which objects define guarded functions. A name with several definitions is ambiguous: then who calls decides which
 * one is meant (bindings.h). All of this while the objects are held. */
#ifndef HG_DEFINITIONS_H
#define HG_DEFINITIONS_H

#include "dynlink/objects.h"
#include "format/image.h"

/* Takes note of all definitions that there are, if there may be more than were seen. */
void hg_definitions_note(const struct hg_objects *objects, struct hg_slot *slot);

/* The slot, the one given or one of its own, for a function of a library, which becomes that of the one given if it has
 * none. Null: no memory. */
struct hg_slot *hg_definitions_bind(struct hg_slot *slot, const struct hg_objects *objects, unsigned library,
                                    void *real);

/* The function of the slot's name in its preload object. */
const void *hg_definitions_stub(const struct hg_objects *objects, struct hg_slot *slot);

/* What a preload object exports under this name. */
const void *hg_definitions_export(const struct hg_objects *objects, const char *name);

/* --- for who looks at what is new (bindings.c) --- */

/* The same for all slots. */
void hg_definitions_of_all(const struct hg_objects *objects);

/* Whether a name has several definitions; and, once, whether one has come to have them. */
bool hg_definitions_ambiguous(void);
bool hg_definitions_newly_ambiguous(void);

#endif
