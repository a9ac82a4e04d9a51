/* Which functions do no more than make one handle, or end one, of a class of which no more is said than that its
 * handles are made and ended: nothing can hang on another handle, another claim or another thread's turn. */
#ifndef HG_PLAIN_SLOTS_H
#define HG_PLAIN_SLOTS_H

#include "format/image.h"
#include "protocol/class.h"

enum hg_plain { HG_PLAIN_NOT, HG_PLAIN_CREATE, HG_PLAIN_FREE };

/* Of a slot whose image's classes are known; `class`: that of its first handle. */
enum hg_plain hg_slot_plainness(const struct hg_slot *slot, const struct hg_class *class);

#endif
