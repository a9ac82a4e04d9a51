/* Who met a life of a value while it remembered an earlier one. Such a thread may have been given the new handle, or
 * still use the old one, whose address was handed out again: by the value alone nobody can tell. Findings say so. */
#ifndef HG_OLDER_H
#define HG_OLDER_H

#include "protocol/guard.h"

/* The calling thread enters an op of the life that the word says: notes it if the thread remembers another one. */
void hg_older_note(struct hg_context *context, const struct hg_guard *guard, uint64_t word);

/* Whether any thread's op on this life was noted like that. */
bool hg_older_noted(const struct hg_context *context, const struct hg_guard *guard, uint32_t generation);

/* Whether the calling thread's own call on this life, which need not have entered, is one of a thread like that. */
bool hg_older_met(struct hg_context *context, const struct hg_guard *guard, uint32_t generation);

#endif
