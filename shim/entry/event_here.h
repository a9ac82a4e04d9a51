/* What a call is in the books: its frame, while it is in flight, and its event. */
#ifndef HG_EVENT_HERE_H
#define HG_EVENT_HERE_H

#include "base/sys.h"
#include "entry/arguments.h"
#include "format/record.h"
#include "stack/stack.h"
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

/* The event of this call, on this value, at that time. Here, so that it is made where it stays: to copy what was just
 * stored by halves, as wholes, makes the processor wait. */
static inline struct hg_event hg_event_at(const struct hg_call *call, uint64_t value, uint64_t ticks)
{
	struct hg_frame frame = hg_frame_of(call, value);
	/* Of what the library does for itself only the ends of handles are told of. */
	bool told = !call->internal || call->slot->roles & (HG_ROLE_FREE | HG_ROLE_RELEASE);
	return (struct hg_event){.ticks = ticks,
	                         .tid = call->context->tid,
	                         .symbol = call->slot->symbol,
	                         .stack = told ? hg_stack_here(call->context, &frame) : 0,
	                         .flags = call->internal ? HG_EVENT_INTERNAL : 0};
}

static inline struct hg_event hg_event_here(const struct hg_call *call, uint64_t value)
{
	return hg_event_at(call, value, hg_ticks());
}

#endif
