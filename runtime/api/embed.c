/* handleguard.h: the guard inside a library of its own making. The calls are plain C calls, so nothing needs saving;
 * the op's frame keeps the caller's registers by value, as the frame of the entering function is gone while the op
 * runs. */
#define HANDLEGUARD_OUT_OF_LINE /* what is defined here */
#include "api/handleguard.h"
#include "api/start.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/sys.h"
#include "finding/race.h"
#include "process/process.h"
#include "protocol/closed.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/life.h"
#include "protocol/remembered.h"
#include "protocol/sanitizers.h"
#include "protocol/tables.h"
#include "stack/stack.h"
#include "thread/cache.h"
#include "thread/visit.h"

#define PUBLIC __attribute__((visibility("default")))

/* What handleguard_inline.h knows; another one of these needs another name than handleguard_thread_1. */
#define SAME_PLACE(there, its_field, here, field)                                                                      \
	static_assert(offsetof(struct there, its_field) == offsetof(struct here, field), #field)
SAME_PLACE(handleguard_frame, guard, hg_frame, guard);
SAME_PLACE(handleguard_frame, slot, hg_frame, slot);
SAME_PLACE(handleguard_frame, fp, hg_frame, fp);
SAME_PLACE(handleguard_frame, value, hg_frame, value);
SAME_PLACE(handleguard_frame, caller, hg_frame, caller);
SAME_PLACE(handleguard_frame, caller_fp, hg_frame, caller_fp);
SAME_PLACE(handleguard_known, guard, hg_cache_entry, guard);
SAME_PLACE(handleguard_known, word, hg_cache_entry, word);
SAME_PLACE(handleguard_thread, top, hg_context, top);
SAME_PLACE(handleguard_thread, mask, hg_context, cache_mask);
SAME_PLACE(handleguard_thread, offset, hg_context, cache_offset);
SAME_PLACE(handleguard_thread, inline_limit, hg_context, inline_limit);
SAME_PLACE(handleguard_thread, serial, hg_context, serial);
SAME_PLACE(handleguard_guard, word, hg_guard, word);
SAME_PLACE(handleguard_guard, value, hg_guard, value);
SAME_PLACE(handleguard_guard, owner, hg_guard, owner);
static_assert(sizeof(struct handleguard_frame) == sizeof(struct hg_frame), "they lie side by side");
static_assert(sizeof(struct handleguard_known) == sizeof(struct hg_cache_entry), "likewise");
static_assert((int)HANDLEGUARD_OWNED == (int)HG_WORD_LIVE && (int)HANDLEGUARD_TELL == (int)HG_WORD_TELL &&
                  HANDLEGUARD_SHARED == (HG_WORD_LIVE | HG_WORD_SHARED),
              "bits of a guard's word");
static_assert(offsetof(struct hg_guard, dead) == offsetof(struct hg_guard, owner) + 6,
              "of a guard that is never reused, the word at `owner` is the owner's serial");
static_assert(HANDLEGUARD_HASH == 64 - HG_CACHE_BITS - 5, "where a value is remembered");

static struct hg_guard *inner(handleguard *guard)
{
	return (struct hg_guard *)guard;
}

/* Readied once, by whoever comes first; the others wait for a few stores. Odd: being readied, in the process of this
 * epoch; a child that was forked meanwhile has to do it itself. What is made is even. */
static void *prepared(void *_Atomic *state, void *(*make)(void *), void *argument)
{
	void *busy = (void *)(uintptr_t)(hg_process_epoch() << 1 | 1);
	for (;;) {
		void *known = atomic_load_explicit(state, memory_order_acquire);
		if (known && !((uintptr_t)known & 1))
			return known;
		if (known != busy && atomic_compare_exchange_strong(state, &known, busy)) {
			known = make(argument);
			atomic_store_explicit(state, known, memory_order_release);
			return known;
		}
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	}
}

static void *make_class(void *argument)
{
	const handleguard_class *kind = argument;
	return (void *)hg_class_add(&(struct hg_class_description){
	    .name = kind->name,
	    .manifest = "",
	    .drain = kind->drain,
	    .deadline_ms = kind->deadline_ms ? (int64_t)kind->deadline_ms : -1,
	    .mask = UINT64_MAX,
	    .kept = true,
	});
}

static_assert((int)HANDLEGUARD_DRAIN_WAIT == HG_DRAIN_WAIT + 1 && (int)HANDLEGUARD_DRAIN_DEFER == HG_DRAIN_DEFER + 1 &&
                  (int)HANDLEGUARD_DRAIN_AUTO == HG_DRAIN_AUTO + 1,
              "a class's drain is one more than the option's");

static const struct hg_class *class_of(handleguard_class *kind)
{
	return prepared((void *_Atomic *)&kind->state, make_class, kind);
}

struct site_use {
	handleguard_site *site;
	const struct hg_class *class;
	uint32_t role;
};

/* A site's state is twice its symbol's index plus one; bit 63: ops may be entered there by handleguard_inline.h.
 * no limit: a bit */
static const uintptr_t MAY_BE_INLINE = UINT64_C(1) << 63;

static uint32_t symbol_in(uintptr_t state)
{
	return (uint32_t)((state & ~MAY_BE_INLINE) / 2 - 1);
}

static void *make_site(void *argument)
{
	const struct site_use *use = argument;
	uint32_t symbol = hg_symbol_add(&(struct hg_symbol_description){
	    .name = use->site->name,
	    .manifest = "",
	    .class_index = use->class->index,
	    .roles = use->role,
	    .slot = use->site,
	    .state = HG_SYMBOL_EMBEDDED,
	});
	return (void *)(((uintptr_t)symbol + 1) * 2 | (symbol == UINT32_MAX ? 0 : MAY_BE_INLINE));
}

static uint32_t symbol_of(handleguard_site *site, const struct hg_class *class, uint32_t role)
{
	struct site_use use = {site, class, role};
	return symbol_in((uintptr_t)prepared((void *_Atomic *)&site->state, make_site, &use));
}

/* The thread's own: nobody else counts there. */
static void count_call(struct hg_context *context, uint32_t symbol)
{
	if (symbol == UINT32_MAX)
		return;
	_Atomic uint64_t *counter = &context->counters[symbol];
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

/* The caller of the public function whose frame this is: its return address, stack and frame pointer. */
static struct hg_frame frame_of(const uint64_t *own_frame, const void *caller_sp, const handleguard_site *site,
                                uint64_t value)
{
	return (struct hg_frame){.slot = (uint64_t)site,
	                         .fp = (uint64_t)caller_sp | 1,
	                         .value = value,
	                         .caller = own_frame[1],
	                         .caller_fp = own_frame[0]};
}

static struct hg_event event_of(struct hg_context *context, const struct hg_frame *frame, uint32_t symbol)
{
	return (struct hg_event){
	    .ticks = hg_ticks(), .tid = context->tid, .symbol = symbol, .stack = hg_stack_here(context, frame)};
}

PUBLIC handleguard *handleguard_create(handleguard_class *kind, uint64_t value, handleguard_site *site)
{
	struct hg_context *context = hg_context_here();
	const struct hg_class *class = context ? class_of(kind) : NULL;
	struct hg_visit visit = hg_visit_begin();
	struct hg_guard *guard = class ? hg_table_obtain(class, value) : NULL;
	hg_visit_end(&visit);
	if (!guard)
		return NULL;
	struct hg_frame frame = frame_of(__builtin_frame_address(0), HG_OWN_CFA, site, value);
	uint32_t symbol = symbol_of(site, class, HG_ROLE_CREATE);
	struct hg_event event = event_of(context, &frame, symbol), previous = hg_event_load(&guard->create);
	count_call(context, symbol);
	hg_count_class(context, class, HG_CLASS_CREATED);
	if (hg_guard_create(guard, context, &event, NULL) == HG_REBORN) {
		hg_report_reborn(guard, &event, &previous);
		hg_count_class(context, class, HG_CLASS_FREED); /* the last life has ended, though nobody saw how */
	}
	return (handleguard *)guard;
}

PUBLIC handleguard *handleguard_find(handleguard_class *kind, uint64_t value)
{
	struct hg_context *context = hg_context_here();
	const struct hg_class *class = context ? class_of(kind) : NULL;
	struct hg_visit visit = hg_visit_begin();
	struct hg_guard *guard = class ? hg_table_find(class, value) : NULL;
	hg_visit_end(&visit);
	return (handleguard *)guard;
}

/* Whether a late op may go on all the same. */
static bool late(struct hg_guard *guard, struct hg_context *context, struct hg_frame *frame, uint32_t symbol,
                 handleguard_op *op)
{
	struct hg_event event = event_of(context, frame, symbol);
	hg_report_call(HG_KIND_LATE_OP, guard, &event);
	if (hg_options.mode != HG_MODE_OBSERVE)
		return false;
	frame->guard = (uint64_t)guard;
	op->frame = hg_frame_push(context, frame);
	if (!op->frame)
		op->guard = NULL;
	return true;
}

/* Whether the op may go on, which closes the guard or does not. */
static bool enter(struct hg_guard *guard, struct hg_context *context, struct hg_frame *frame, bool closes,
                  handleguard_op *op)
{
	struct hg_frame *in = NULL;
	uint32_t symbol = symbol_of((handleguard_site *)frame->slot, guard->class, HG_ROLE_OP);
	count_call(context, symbol);
	enum hg_entry entry = hg_guard_enter(guard, context, frame, 0, &in);
	/* What is closed is refused as an orphan is (closed.h). */
	if (entry == HG_LATE || entry == HG_ORPHANED)
		return late(guard, context, frame, symbol, op);
	op->frame = in;
	if (!closes)
		return true;
	struct hg_event event = event_of(context, frame, symbol);
	/* Of two at once one is it. */
	if (hg_guard_close(guard, &event) || hg_options.mode == HG_MODE_OBSERVE)
		return true;
	handleguard_leave(op);
	op->frame = NULL;
	return late(guard, context, frame, symbol, op);
}

/* --- ops on a guard whose word is as the calling thread remembers it: what the fast trampolines do (their ordering
 * stands in guard.c), in C --- */

/* The place's symbol; UINT32_MAX: it has none, or none yet. */
static uint32_t known_symbol(const handleguard_site *site)
{
	uintptr_t state = __atomic_load_n((const uintptr_t *)&site->state, __ATOMIC_ACQUIRE);
	return state & 1 ? UINT32_MAX : symbol_in(state);
}

/* Whether the thread remembers the guard with this word. */
static inline bool remembers(struct hg_context *context, const struct hg_guard *guard, uint64_t word)
{
	const struct hg_cache_entry *entry = hg_cache_at(context, guard->value);
	return entry->class && entry->guard == guard && entry->word == word;
}

/* What hg_frame_push and hg_frame_clear do where there is room at the top, and where the frame is the topmost: in the
 * same order. Until it is filled, a signal handler leaves alone what the thread remembers. */
static inline struct hg_frame *reserve_at_top(struct hg_context *context)
{
	struct hg_frame *in = atomic_load_explicit(&context->top, memory_order_relaxed);
	if (in >= context->limit)
		return NULL;
	atomic_store_explicit(&context->top, in + 1, memory_order_release);
	atomic_signal_fence(memory_order_seq_cst);
	return in;
}

static inline void fill(struct hg_frame *in, struct hg_guard *guard, const struct hg_frame *frame)
{
	__atomic_store_n(&in->slot, frame->slot, __ATOMIC_RELAXED);
	__atomic_store_n(&in->fp, frame->fp, __ATOMIC_RELAXED);
	__atomic_store_n(&in->value, frame->value, __ATOMIC_RELAXED);
	__atomic_store_n(&in->caller, frame->caller, __ATOMIC_RELAXED);
	__atomic_store_n(&in->caller_fp, frame->caller_fp, __ATOMIC_RELAXED);
	__atomic_store_n(&in->guard, (uint64_t)guard, __ATOMIC_RELEASE);
}

static void pop_from_top(struct hg_context *context, struct hg_frame *in)
{
	__atomic_store_n(&in->guard, 0, __ATOMIC_RELEASE);
	atomic_store_explicit(&context->top, in, memory_order_release);
	atomic_signal_fence(memory_order_seq_cst);
}

/* The frame that was pushed; null: all is as before, and it is to be entered the long way. */
static inline struct hg_frame *enter_known(struct hg_guard *guard, const struct hg_frame *frame)
{
	struct hg_context *context = hg_context;
	uint32_t symbol = known_symbol((handleguard_site *)frame->slot);
	if (!context || symbol == UINT32_MAX || atomic_load_explicit(&hg_process_forks_unseen, memory_order_relaxed))
		return NULL;
	struct hg_frame *in = reserve_at_top(context);
	if (!in)
		return NULL;
	uint64_t word = atomic_load_explicit(&guard->word, memory_order_acquire);
	bool known = remembers(context, guard, word);
	if (known) {
		fill(in, guard, frame);
		hg_fence_light();
	}
	if (!known || atomic_load_explicit(&guard->word, memory_order_acquire) != word) {
		pop_from_top(context, in);
		return NULL;
	}
	count_call(context, symbol);
	return in;
}

/* Not where it lies on holes, which go with it. */
static bool is_at_top(const struct hg_context *context, const struct hg_frame *in)
{
	return context && in + 1 == context->top &&
	       (in == context->base || __atomic_load_n(&in[-1].guard, __ATOMIC_RELAXED) != HG_FRAME_HOLE);
}

/* False: it is to be left the long way. */
static inline bool leave_known(struct hg_guard *guard, struct hg_frame *in)
{
	struct hg_context *context = hg_context;
	if (!is_at_top(context, in) || hg_sanitizer_orders() ||
	    __atomic_load_n(&in->guard, __ATOMIC_RELAXED) != (uint64_t)guard)
		return false;
	pop_from_top(context, in);
	hg_fence_light();
	if (atomic_load_explicit(&guard->word, memory_order_acquire) & HG_WORD_TELL)
		hg_guard_left(guard);
	return true;
}

/* --- */

/* The op's context. Null: the guards are not at work, and it goes on without. */
static struct hg_context *begin(handleguard *guard, handleguard_op *op)
{
	struct hg_context *context = guard ? hg_context_here() : NULL;
	*op = (handleguard_op){.guard = context ? guard : NULL};
	return context;
}

/* Apart, as leave_slowly is: the registers that it needs are not saved by who can do without. */
__attribute__((noinline)) static bool enter_slowly(handleguard *guard, struct hg_frame *frame, handleguard_op *op)
{
	struct hg_context *context = begin(guard, op);
	if (!context)
		return true;
	/* Too many handles to remember them all is no reason for the long way. */
	if (hg_remember_guard_again(context, inner(guard)) && (op->frame = enter_known(inner(guard), frame)))
		return true;
	return enter(inner(guard), context, frame, false, op);
}

PUBLIC bool handleguard_enter(handleguard *guard, handleguard_site *site, handleguard_op *op)
{
	if (!guard) {
		*op = (handleguard_op){0};
		return true;
	}
	struct hg_frame frame = frame_of(__builtin_frame_address(0), HG_OWN_CFA, site, inner(guard)->value);
	struct hg_frame *in = enter_known(inner(guard), &frame);
	if (!in) {
		struct hg_frame kept = frame;
		return enter_slowly(guard, &kept, op);
	}
	op->guard = guard;
	op->frame = in;
	return true;
}

PUBLIC bool handleguard_close(handleguard *guard, handleguard_site *site, handleguard_op *op)
{
	struct hg_context *context = begin(guard, op);
	if (!context)
		return true;
	struct hg_frame frame = frame_of(__builtin_frame_address(0), HG_OWN_CFA, site, inner(guard)->value);
	return enter(inner(guard), context, &frame, true, op);
}

__attribute__((noinline)) static void leave_slowly(struct hg_guard *guard, struct hg_frame *in)
{
	if (in && !hg_frame_is_ours(in))
		return; /* entered before this process was forked: the parent's op, not ours to leave */
	if (in)
		hg_guard_leave(guard, in);
	else
		hg_guard_leave_frameless(guard);
}

/* Of an op that was entered by handleguard_inline.h, bit 0 of the frame is set. */
PUBLIC void handleguard_leave(handleguard_op *op)
{
	struct hg_frame *in = (struct hg_frame *)((uintptr_t)op->frame & ~(uintptr_t)1);
	if (op->guard && !(in && leave_known(inner(op->guard), in)))
		leave_slowly(inner(op->guard), in);
}

/* --- frees --- */

/* The work of a free, which it hands over; null where its caller does it. */
struct work {
	void (*tear_down)(void *argument);
	void *argument;
};

struct deferred {
	struct hg_pending pending; /* first */
	struct work work;
};

struct free_call {
	struct hg_race race; /* first: hg_inspect_race takes it by the same address */
	struct work work;
};

static struct hg_arena arena;

/* The last op has left, or is found gone. Where that is the end of its thread, it has no context any more. */
static void run_deferred(struct hg_pending *pending)
{
	struct deferred *deferred = (struct deferred *)pending;
	deferred->work.tear_down(deferred->work.argument);
	if (hg_context)
		hg_count_class(hg_context, pending->guard->class, HG_CLASS_FREED);
}

static struct hg_pending *prepare(struct hg_guard *guard, void *argument)
{
	const struct free_call *this = argument;
	struct deferred *deferred = this->work.tear_down ? hg_arena_take(&arena, sizeof *deferred) : NULL;
	if (!deferred)
		return NULL;
	deferred->pending.run = run_deferred;
	deferred->pending.guard = guard;
	deferred->work = this->work;
	return &deferred->pending;
}

static enum hg_free_how how_to_free(const struct hg_class *class, const struct work *work)
{
	if (hg_options.mode == HG_MODE_OBSERVE)
		return HG_FREE_OBSERVE;
	if (!work->tear_down || class->drain == HG_DRAIN_WAIT)
		return HG_FREE_WAIT;
	return class->drain == HG_DRAIN_DEFER ? HG_FREE_DEFER : HG_FREE_AUTO;
}

/* What the caller is told; where it is HANDLEGUARD_DRAINED, the work is its. */
static handleguard_outcome settle(struct hg_context *context, struct hg_guard *guard, struct hg_race *race,
                                  const struct hg_free_result *result)
{
	if (result->outcome == HG_ALREADY_FREEING) {
		hg_report_call(HG_KIND_REPEAT_FREE, guard, &race->event);
		return hg_options.mode == HG_MODE_OBSERVE ? HANDLEGUARD_DRAINED : HANDLEGUARD_ALREADY_FREEING;
	}
	hg_report_race(race, result, guard);
	if (result->outcome == HG_DEFERRED)
		return HANDLEGUARD_DEFERRED;
	hg_count_class(context, guard->class, result->outcome == HG_DRAINED ? HG_CLASS_FREED : HG_CLASS_LEAKED);
	return result->outcome == HG_DRAINED ? HANDLEGUARD_DRAINED : HANDLEGUARD_TIMED_OUT;
}

static handleguard_outcome free_guard(struct hg_guard *guard, struct hg_context *context, const struct hg_frame *frame,
                                      struct work work)
{
	const struct hg_class *class = guard->class;
	uint32_t symbol = symbol_of((handleguard_site *)frame->slot, class, HG_ROLE_FREE);
	struct free_call this = {.work = work};
	hg_race_begin(&this.race, 0);
	this.race.event = event_of(context, frame, symbol);
	struct hg_free_request request = {.how = how_to_free(class, &work),
	                                  .deadline_ns = class->deadline_ns,
	                                  .event = &this.race.event,
	                                  .prepare = prepare,
	                                  .inspect = hg_inspect_race,
	                                  .argument = &this};
	count_call(context, symbol);
	struct hg_free_result result = hg_guard_begin_free(guard, context, &request);
	return settle(context, guard, &this.race, &result);
}

PUBLIC handleguard_outcome handleguard_begin_free(handleguard *guard, handleguard_site *site)
{
	struct hg_context *context = guard ? hg_context_here() : NULL;
	if (!context)
		return HANDLEGUARD_DRAINED;
	struct hg_frame frame = frame_of(__builtin_frame_address(0), HG_OWN_CFA, site, inner(guard)->value);
	return free_guard(inner(guard), context, &frame, (struct work){0});
}

PUBLIC handleguard_outcome handleguard_free(handleguard *guard, handleguard_site *site, void (*tear_down)(void *),
                                            void *argument)
{
	struct hg_context *context = guard ? hg_context_here() : NULL;
	handleguard_outcome outcome = HANDLEGUARD_DRAINED;
	if (context) {
		struct hg_frame frame = frame_of(__builtin_frame_address(0), HG_OWN_CFA, site, inner(guard)->value);
		outcome = free_guard(inner(guard), context, &frame, (struct work){tear_down, argument});
	}
	if (outcome == HANDLEGUARD_DRAINED)
		tear_down(argument);
	return outcome;
}
