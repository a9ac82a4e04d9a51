#include "finding/freed_late.h"

#include "arch/preserving.h"
#include "base/options.h"
#include "base/sys.h"
#include "finding/finding.h"
#include "format/record.h"
#include "protocol/refusal.h"
#include "stack/depot.h"
#include "stack/stack.h"
#include "stack/standing.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

void hg_note_freed_late(struct hg_freed_late *late, struct hg_guard *guard, uint32_t generation, uint32_t symbol,
                        uint64_t around)
{
	late->guard = guard;
	late->generation = generation;
	late->free = hg_winning_free(guard, generation);
	late->create = hg_event_of_life(&guard->create, generation);
	late->now = (struct hg_event){.ticks = hg_ticks(), .tid = hg_gettid(), .symbol = symbol};
	late->around = around;
}

/* Of who left last: it goes through the runtime, whose frames a report leaves out. */
static uint32_t stack_of_leaver(uint64_t around)
{
	uint64_t pc[HG_STACK_MAX];
	struct hg_frame frame = {.fp = around, .caller = ((const uint64_t *)around)[1]};
	struct hg_told told = {.count = 0};
	bool cut, whole = hg_options.stacks == 0;
	pc[0] = frame.caller;
	unsigned depth = whole ? hg_stack_of_frame(&frame, pc, HG_STACK_MAX, &cut) : 1;
	if (whole && hg_context && !hg_may_be_parked(hg_context))
		hg_stack_told(hg_context, &frame, true, &told);
	return hg_depot_put(
	    &(struct hg_stack){.pc = pc, .depth = depth, .told = told.frames, .told_count = told.count});
}

static void write_freed_late(void *argument)
{
	struct hg_freed_late *late = argument;
	struct hg_finding_builder *builder = hg_finding_open(late->guard, late->generation);
	late->now.stack = stack_of_leaver(late->around);
	hg_finding_add(builder, HG_PARTY_CALL, &late->now);
	hg_finding_add(builder, HG_PARTY_FREE, &late->free);
	hg_finding_add(builder, HG_PARTY_CREATE, &late->create);
	struct hg_verdict verdict = {.kind = HG_KIND_FREED_LATE, .deadline_ns = late->guard->class->deadline_ns};
	verdict.drain_ticks = late->free.ticks ? late->now.ticks - late->free.ticks : 0;
	hg_finding_close(builder, &verdict);
}

void hg_report_freed_late(struct hg_freed_late *late)
{
	hg_preserving(write_freed_late, late);
}
