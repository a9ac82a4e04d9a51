/* Objects that were linked with an archive of `handleguard manifest link`: their calls of guarded functions, the
 * library's own among them, lead through words of a table (format/links.h), into which stubs of the guards are put. */
#ifndef HG_WRAPPED_H
#define HG_WRAPPED_H

#include "dynlink/objects.h"

/* Whether the object has such a table. */
bool hg_wrapped_any(const struct hg_object *object);

/* Whether this code is a wrapper of it by which all calls are the program's: nothing else has to lead them. */
bool hg_wrapped_is(const struct hg_object *object, uint64_t code);

/* Leads its words to the guards. While the objects are held. */
void hg_wrapped_lead(const struct hg_objects *objects, unsigned number);

#endif
