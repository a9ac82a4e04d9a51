/* In which objects, and in which order, the dynamic linker looks for what an object refers to: it does not tell, and to
 * ask it would take its lock. What it does is kept track of here: first the global objects (those of the start, then
 * what was loaded with RTLD_GLOBAL), then what came with the loads that the object belongs to; with RTLD_DEEPBIND the
 * other way round. All of this while the objects are held. */
#ifndef HG_SCOPE_H
#define HG_SCOPE_H

#include "dynlink/objects.h"

/* The object was loaded by dlopen with these flags. */
void hg_scope_loaded(const struct hg_objects *objects, unsigned root, int flags);

/* Takes objects that came with no load that was seen for loads of their own, with these flags. */
void hg_scope_guess(const struct hg_objects *objects, int flags);

/* Whether it is known with which load the object came. That is over then: the dynamic linker is done with the object.
 */
bool hg_scope_is_placed(const struct hg_objects *objects, unsigned object);

/* Whether the object came with the load that is under way now: there is one at a time, but for those that constructors
 * of another make. */
bool hg_scope_is_latest(const struct hg_objects *objects, unsigned object);

/* Whether the object was loaded with RTLD_DEEPBIND: its references pass the preload objects by. */
bool hg_scope_is_deep(const struct hg_objects *objects, unsigned object);

struct hg_found {
	unsigned object; /* its number */
	const ElfW(Sym) * symbol;
};

/* What an object's reference means, if the preload objects were not there. False: nothing. */
bool hg_scope_find(const struct hg_objects *objects, unsigned from, const struct hg_wanted *wanted,
                   struct hg_found *found);

/* Whether the object can be what a reference to a stub means: it comes after the preload objects. */
bool hg_scope_is_library(const struct hg_objects *objects, unsigned object);

#endif
