/* Which function each object means by a name. As long as a name has one definition (definitions.h), the GOT slots of
 * all objects lead to the stub of the preload object; when another one comes, those of each object are rebound to the
 * one that it means, once and for all: a return address would not tell who calls where a function ends in a jump to
 * another, or where pointers to functions are passed on. */
#ifndef HG_BINDINGS_H
#define HG_BINDINGS_H

#include "dynlink/objects.h"
#include "format/image.h"

/* Looks at what is new: what dlopen returned (null: not known) with its flags, what was there from the start, what is
 * left after dlclose. `own`: loads that are over but still counted in hg_loading. May call libc. */
void hg_bindings_update(const void *loaded, int flags, uint32_t own);

/* Who looks at objects that are new besides, once the dynamic linker is done with them: what it has to do with one
 * (0: nothing), for which the runtime must have started; and then to do that. */
struct hg_on_new {
	unsigned (*wants)(const struct hg_objects *objects, unsigned number);
	void (*work)(const struct hg_objects *objects, unsigned number, unsigned wanted);
	/* What is to be done each time when they have been let go of. */
	void (*after)(void);
};

/* Has all objects looked at by it when the bindings are updated next. There is one. */
void hg_bindings_tell(const struct hg_on_new *on_new);

/* --- while the objects are held --- */

/* The slot that a call from an object means; null: there is none. The object's GOT slots tell, until they are rebound;
 * then who comes by the preload object's stub has a pointer to what the name meant first. */
struct hg_slot *hg_bindings_of_caller(struct hg_slot *slot, const struct hg_objects *objects, unsigned from);

#endif
