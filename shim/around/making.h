/* Which create in flight is just making a handle that a call names already; and what creates make. */
#ifndef HG_MAKING_H
#define HG_MAKING_H

#include <stdbool.h>
#include <stdint.h>

#include "entry/call.h"
#include "format/image.h"

struct hg_class;
struct hg_frame;
struct hg_guard;

/* A create in flight. */
struct hg_making {
	uint64_t fp;             /* 0: none */
	uint64_t begun;          /* ticks */
	struct hg_guard *parent; /* what it makes the handle from; null: nothing that is known */
	bool elsewhere;          /* the call is not made inside it */
};

/* The create that may be making this value: one that the call is made inside of and that has the value on its stack, or
 * any that has stored it already; or, with `any`, one of another thread or coroutine that may not have got so far.
 * False: there is none. */
bool hg_find_making(const struct hg_call *call, const struct hg_class *class, uint64_t value, bool any,
                    struct hg_making *making);

/* The innermost create of the class that this call is made inside of, and that stands further out than this; null:
 * there is none. */
const struct hg_frame *hg_create_beyond(const struct hg_call *call, uint64_t fp, const struct hg_class *class);

/* Whether the call is one of a function that hands out handles of this class. */
bool hg_slot_makes(const struct hg_slot *slot, const struct hg_class *class);

/* Where a call stores the handle that it makes; 0: in its result. */
uint64_t hg_made_at(const struct hg_call *call);

/* Notes what stands there before the call is made. */
void hg_note_stored(struct hg_call *call);

/* What the create makes its handle from, by its arguments; null: nothing that is known. */
struct hg_guard *hg_parent_of(const struct hg_call *call, const struct hg_image_make *make);

#endif
