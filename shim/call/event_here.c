#include "call/event_here.h"

#include "base/sys.h"
#include "call/call.h"
#include "stack/stack.h"

struct hg_event hg_event_here(struct hg_call *call, uint64_t value)
{
	struct hg_frame frame = hg_frame_of(call, value);
	/* Of what the library does for itself only the ends of handles are told of. */
	bool told = !call->internal || call->slot->roles & (HG_ROLE_FREE | HG_ROLE_RELEASE);
	return (struct hg_event){.ticks = hg_ticks(),
	                         .tid = call->context->tid,
	                         .symbol = call->slot->symbol,
	                         .stack = told ? hg_stack_here(call->context, &frame) : 0,
	                         .flags = call->internal ? HG_EVENT_INTERNAL : 0};
}
