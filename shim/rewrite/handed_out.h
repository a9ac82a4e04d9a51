/* Libraries that hand out their functions in tables, and export them not: where the library's symbol table tells which
 * functions these are, the words of its tables that hold guarded ones are made to hold stubs of the guards. They are
 * replaced in place, so that who has the table already is guarded as well. What the library calls by them itself is its
 * own business, which its place tells. */
#ifndef HG_HANDED_OUT_H
#define HG_HANDED_OUT_H

#include "dynlink/objects.h"

/* While the objects are held. */

/* Whether the object is a library of a manifest's, by its name, and has guarded functions that it does not export. */
bool hg_handed_out_any(const struct hg_object *object);

/* Replaces them. The runtime has started. */
void hg_handed_out_lead(const struct hg_objects *objects, unsigned number);

#endif
