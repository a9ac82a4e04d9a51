/* A word of a table that holds a function of a library's is made to hold a stub of the guards. */
#ifndef HG_WORD_H
#define HG_WORD_H

#include "dynlink/objects.h"

struct hg_slot;

/* While the objects are held, of a word that can be read: `slot` is that of the function's name. True also if it holds
 * one already, or nothing that is a function's address. False: the system does not let us, or there are no more stubs.
 */
bool hg_word_lead(const struct hg_objects *objects, uint64_t *at, struct hg_slot *slot);

#endif
