/* What the end of a handle brings with it, and what is counted. */
#ifndef HG_ENDED_H
#define HG_ENDED_H

#include <stdbool.h>
#include <stdint.h>

#include "format/image.h"
#include "format/record.h"

struct hg_context;
struct hg_guard;

/* What is to be done and counted once a life has been freed or leaked, by a free that means this for children. */
void hg_ended(struct hg_context *context, struct hg_guard *guard, uint32_t generation, enum hg_children children,
              enum hg_class_counter counter);

/* A handle was made from one that has gone, and took it along: so has all that goes with that one. */
void hg_end_stillborn(struct hg_context *context, struct hg_guard *guard);

/* The value is about to begin another life. What its last one took along, or what that went with, is ended first:
 * nothing leads there from the next one, and the call that freed it may not have returned. */
void hg_end_last_family(struct hg_context *context, struct hg_guard *guard);

/* Whether a function can refuse to free. */
bool hg_can_fail(const struct hg_slot *slot);

/* Whether a free that may fail took place. */
bool hg_free_took_place(const struct hg_slot *slot, uint64_t result);

/* What a free that means this for children does to them: what it ends is counted. */
void hg_end_children(struct hg_context *context, struct hg_guard *guard, uint32_t generation, enum hg_children children,
                     enum hg_class_counter counter);

/* The life of this one handle is over, and counted as that. */
void hg_count_end(struct hg_context *context, struct hg_guard *guard, enum hg_class_counter counter);

#endif
