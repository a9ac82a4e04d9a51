/* Leading the words of an object to whom they mean (survey.h says why). While the objects are held. */
#ifndef HG_LEAD_H
#define HG_LEAD_H

#include "dynlink/scope.h"
#include "dynlink/words.h"

struct hg_slot;

/* All words of an object that the dynamic linker is done with. `crowded`: there are names with several definitions. */
void hg_lead_object(const struct hg_objects *objects, unsigned number, bool crowded);

/* What the object means by this name, if it has a word that leads to this stub. */
bool hg_lead_meaning(const struct hg_objects *objects, unsigned number, const char *name, const void *stub,
                     struct hg_found *found);

#endif
