/* When the last op leaves, the free's caller is long gone, and with it those of its variables to which arguments point.
 */
#include "call/deferred.h"

#include "api/start.h"
#include "arch/preserving.h"
#include "around/ended.h"
#include "around/entered.h"
#include "base/counters.h"
#include "base/memory.h"
#include "call/tying.h"
#include "entry/arguments.h"
#include "entry/scratch.h"
#include "finding/freed_late.h"
#include "finding/limit.h"
#include "finding/race.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/life.h"
#include "protocol/sanitizers.h"
#include "stack/standing.h"
#include "thread/frames.h"
#include "thread/inherited.h"
#include "thread/thread.h"

/* no limit: as many as any machine has; on one that has fewer the rest goes where nobody looks */
enum { MOST_REGISTERS = 8 };

struct deferred {
	struct hg_pending pending;
	struct hg_slot *slot;
	void *real;
	uint64_t registers[MOST_REGISTERS];
	uint64_t caller;
	uint32_t generation;
	enum hg_children children;
	bool result_in_memory;
	uint64_t stand_in[];
};

static struct hg_arena arena;

typedef uint64_t real_free(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);

/* So that the compiler gives the function an address to put its result at. */
struct result {
	uint8_t bytes[HG_RESULT_MOST];
};
typedef struct result real_free_of_struct(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                                          uint64_t);

static uint64_t call_real(const struct deferred *what)
{
	const uint64_t *r = what->registers;
	if (what->result_in_memory) {
		((real_free_of_struct *)what->real)(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]);
		return 0;
	}
	return ((real_free *)what->real)(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]);
}

/* What can fail tells of orphans only now; what cannot has done so when it was called. */
static void settle(const struct deferred *what, struct hg_context *context)
{
	struct hg_guard *guard = what->pending.guard;
	if (hg_can_fail(what->slot) && hg_children_can(guard->class, what->children, HG_CHILDREN_ORPHANED))
		hg_report_orphans(guard, what->generation, what->children, NULL);
	if (context)
		hg_ended(context, guard, what->generation, what->children, HG_CLASS_FREED);
	else
		hg_limit_went(guard->class);
}

/* Its stack is climbed from the frame around this work, which bit 0 tells from a trampoline's. */
static void run_preserved(void *argument, uint64_t around)
{
	struct deferred *what = argument;
	struct hg_guard *guard = what->pending.guard;
	struct hg_context *context = hg_context;
	struct hg_frame frame = {
	    .slot = (uint64_t)what->slot, .fp = around | 1, .value = guard->value, .caller = what->caller};
	hg_frame_of_free(&frame, guard);
	hg_deferred_return = ((const uint64_t *)around)[1];
	/* What the library calls from here on is its own business. */
	struct hg_frame *in = context ? hg_frame_push(context, &frame) : NULL;
	if (in) {
		hg_frame_runs(context, in, what->generation);
		hg_guard_let_ancestors_go(&what->pending);
	}
	struct hg_freed_late late;
	if (what->pending.late)
		hg_note_freed_late(&late, guard, what->generation, what->slot->symbol, around);
	uint64_t epoch = context ? context->epoch : 0, result = call_real(what);
	if (context && context->epoch != epoch) {
		/* A destroy callback has forked, and it is the child that returns. */
		context = hg_context_here();
		in = in ? hg_inherited_leave(in) : NULL;
	}
	if (!hg_free_took_place(what->slot, result))
		hg_guard_revive(guard, what->generation);
	else {
		settle(what, context);
		hg_detach_freed(what->slot, guard, what->generation);
		if (what->pending.late)
			hg_report_freed_late(&late);
	}
	if (in)
		hg_leave_frame(in);
}

/* The op that left last has returned what its caller has not seen yet. */
static void run(struct hg_pending *pending)
{
	struct hg_sanitizer_result result;
	hg_sanitizer_keep_result(&result);
	hg_preserving_here(run_preserved, pending);
	hg_sanitizer_restore_result(&result);
}

struct hg_pending *hg_deferred_free(struct hg_guard *guard, const struct hg_call *call, enum hg_children children)
{
	uint64_t bytes;
	if (!hg_scratch_size(call, &bytes))
		return NULL;
	struct deferred *what = hg_arena_take(&arena, sizeof *what + bytes);
	if (!what) {
		hg_count(HG_COUNTER_MEMORY_REFUSED);
		return NULL;
	}
	what->pending.run = run;
	what->pending.guard = guard;
	what->slot = call->slot;
	what->real = call->real;
	for (int i = 0; i < HG_REGISTER_ARGUMENTS; i++)
		what->registers[i] = call->registers[i];
	hg_scratch(call, guard->value, what->stand_in, what->registers);
	what->result_in_memory = hg_result_in_memory(call);
	what->caller = hg_call_site(call);
	what->generation = hg_guard_generation(guard);
	what->children = children;
	return &what->pending;
}
