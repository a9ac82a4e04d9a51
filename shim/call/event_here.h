/* What a call is in the books: its frame, while it is in flight, and its event. */
#ifndef HG_EVENT_HERE_H
#define HG_EVENT_HERE_H

#include "call/arguments.h"
#include "format/record.h"
#include "thread/event.h"

/* Every field is named: what is left out would be zeroed first, all of it. */
static inline struct hg_frame hg_frame_of(const struct hg_call *call, uint64_t value)
{
	return (struct hg_frame){.guard = 0,
	                         .slot = (uint64_t)call->slot,
	                         .fp = call->fp,
	                         .value = value,
	                         .caller = hg_call_site(call),
	                         .caller_fp = 0};
}

/* The event of this call, on this value. */
struct hg_event hg_event_here(struct hg_call *call, uint64_t value);

#endif
