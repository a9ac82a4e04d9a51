#include "thread/frames.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"

static void set_guard(struct hg_frame *frame, uint64_t guard)
{
	__atomic_store_n(&frame->guard, guard, __ATOMIC_RELEASE);
}

static void move_top(struct hg_frame *_Atomic *at, struct hg_frame *top)
{
	/* Released: whoever sees the top below a frame takes its op to be over, all that it did included. */
	atomic_store_explicit(at, top, memory_order_release);
	atomic_signal_fence(memory_order_seq_cst);
}

/* Gives up the holes at the top: frames that were left while others stood above them. A frame that is merely empty may
 * be one that an interrupted call has just reserved, so only marked holes go. */
static void trim(struct hg_frame *_Atomic *at, const struct hg_frame *base)
{
	struct hg_frame *top = atomic_load(at);
	while (top > base && __atomic_load_n(&top[-1].guard, __ATOMIC_ACQUIRE) == HG_FRAME_HOLE) {
		top--;
		set_guard(top, 0);
		move_top(at, top);
	}
}

/* Coroutines that are parked inside ops keep their frames, and those that come and go meanwhile leave holes between
 * them: each is used again. */
static struct hg_frame *reuse(struct hg_frame *from, const struct hg_frame *to)
{
	for (; from < to; from++) {
		uint64_t hole = HG_FRAME_HOLE;
		if (__atomic_compare_exchange_n(&from->guard, &hole, 0, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			return from;
	}
	return NULL;
}

static bool has_more(struct hg_context *context)
{
	struct hg_frame *none = NULL, *fresh;
	if (atomic_load(&context->more_base))
		return true;
	fresh = hg_map_memory(HG_FRAMES_MORE * sizeof *fresh);
	if (!fresh)
		return false;
	/* A signal handler may have been here first. */
	atomic_compare_exchange_strong(&context->more_top, &none, fresh);
	none = NULL;
	atomic_compare_exchange_strong(&context->more_base, &none, atomic_load(&context->more_top));
	return true;
}

/* More than so many are not looked through for a hole: others are. */
enum { PROBES = 16 }; /* no limit: a new frame is as good */

static struct hg_frame *reserve_more(struct hg_context *context)
{
	if (!has_more(context))
		return NULL;
	struct hg_frame *base = atomic_load(&context->more_base), *top = atomic_load(&context->more_top);
	hg_count(HG_COUNTER_FRAMES_FULL);
	uint64_t used = (uint64_t)(top - base), first = used > PROBES ? hg_ticks() % (used - PROBES) : 0;
	struct hg_frame *hole = reuse(base + first, base + (used < first + PROBES ? used : first + PROBES));
	if (hole || used == HG_FRAMES_MORE)
		return hole;
	move_top(&context->more_top, top + 1);
	return top;
}

static struct hg_frame *reserve(struct hg_context *context)
{
	if (context->top >= context->limit)
		trim(&context->top, context->base);
	struct hg_frame *in = context->top;
	if (in < context->limit) {
		/* Reserved before it is filled: a signal handler that comes in between puts its frames above. */
		move_top(&context->top, in + 1);
		return in;
	}
	in = reuse(context->base, context->limit);
	in = in ? in : reserve_more(context);
	if (!in)
		hg_count(HG_COUNTER_FRAMES_REFUSED);
	return in;
}

struct hg_frame *hg_frame_push(struct hg_context *context, const struct hg_frame *frame)
{
	struct hg_frame *in = reserve(context);
	if (!in)
		return NULL;
	__atomic_store_n(&in->slot, frame->slot, __ATOMIC_RELAXED);
	__atomic_store_n(&in->fp, frame->fp, __ATOMIC_RELAXED);
	__atomic_store_n(&in->value, frame->value, __ATOMIC_RELAXED);
	__atomic_store_n(&in->caller, frame->caller, __ATOMIC_RELAXED);
	__atomic_store_n(&in->caller_fp, frame->caller_fp, __ATOMIC_RELAXED);
	set_guard(in, frame->guard);
	return in;
}

struct hg_frame hg_frame_load(const struct hg_frame *frame)
{
	struct hg_frame copy = {.guard = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE)};
	copy.slot = __atomic_load_n(&frame->slot, __ATOMIC_RELAXED);
	copy.fp = __atomic_load_n(&frame->fp, __ATOMIC_RELAXED);
	copy.value = __atomic_load_n(&frame->value, __ATOMIC_RELAXED);
	copy.caller = __atomic_load_n(&frame->caller, __ATOMIC_RELAXED);
	copy.caller_fp = __atomic_load_n(&frame->caller_fp, __ATOMIC_RELAXED);
	return copy;
}

static bool in_recording(const struct hg_context *context, const struct hg_frame *frame)
{
	return frame >= context->base && frame < context->limit;
}

static bool in_more(const struct hg_context *context, const struct hg_frame *frame)
{
	const struct hg_frame *base = atomic_load(&context->more_base);
	return base && frame >= base && frame < base + HG_FRAMES_MORE;
}

/* False: it is not the topmost. */
static bool pop(struct hg_frame *_Atomic *at, const struct hg_frame *base, struct hg_frame *frame)
{
	if (frame + 1 != atomic_load(at))
		return false;
	set_guard(frame, 0);
	move_top(at, frame);
	trim(at, base);
	return true;
}

void hg_frame_clear(struct hg_frame *frame)
{
	struct hg_context *context = hg_context;
	if (context && in_recording(context, frame) && pop(&context->top, context->base, frame))
		return;
	if (context && in_more(context, frame) && pop(&context->more_top, context->more_base, frame))
		return;
	hg_count(HG_COUNTER_FRAME_NOT_TOP);
	set_guard(frame, HG_FRAME_HOLE);
}

void hg_frame_runs(struct hg_context *context, struct hg_frame *frame, uint32_t generation)
{
	if (in_recording(context, frame))
		context->running[frame - context->base] = (struct hg_running){.generation = generation};
	set_guard(frame, frame->guard | HG_FRAME_RUNS);
}

void hg_frame_stops(struct hg_frame *frame)
{
	set_guard(frame, frame->guard & ~HG_FRAME_RUNS);
}

bool hg_frame_claims(struct hg_context *context, const struct hg_frame *frame, int step)
{
	if (!in_recording(context, frame))
		return true;
	struct hg_running *running = &context->running[frame - context->base];
	if (step < 0 && !running->claims)
		return false;
	running->claims += (uint32_t)step;
	return true;
}

bool hg_frame_is_running(const struct hg_context *context, const struct hg_frame *frame, uint32_t generation)
{
	bool known = in_recording(context, frame);
	return frame->guard & HG_FRAME_RUNS && frame->guard & HG_FRAME_FREE &&
	       (!known || context->running[frame - context->base].generation == generation);
}

struct search {
	const struct hg_frame *frame;
	bool found;
};

static bool look_for(struct hg_context *context, void *argument)
{
	struct search *search = argument;
	search->found = in_recording(context, search->frame) || in_more(context, search->frame);
	return !search->found;
}

bool hg_frame_is_ours(const struct hg_frame *frame)
{
	struct search search = {.frame = frame};
	if (hg_context)
		look_for(hg_context, &search);
	if (!search.found)
		hg_contexts_each(look_for, &search);
	return search.found;
}

struct each {
	bool (*visit)(struct hg_context *, struct hg_frame *, void *);
	void *argument;
};

static bool visit_range(struct hg_context *context, struct hg_frame *frame, const struct hg_frame *top,
                        const struct each *each)
{
	for (; frame < top; frame++)
		if (__atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE) && !each->visit(context, frame, each->argument))
			return false;
	return true;
}

/* From the oldest to the newest, so that reports list them in this order. */
static bool visit_all(struct hg_context *context, void *argument)
{
	struct hg_frame *more = atomic_load(&context->more_base);
	return visit_range(context, context->base, atomic_load(&context->top), argument) &&
	       (!more || visit_range(context, more, atomic_load(&context->more_top), argument));
}

void hg_frames_each(bool (*visit)(struct hg_context *, struct hg_frame *, void *), void *argument)
{
	hg_contexts_each(visit_all, &(struct each){visit, argument});
}
