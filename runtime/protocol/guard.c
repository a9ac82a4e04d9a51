/* The guard protocol. A guard's word is changed by this file, and others do their part: life.c begins and ends lives,
 * descendants.c, ties.c and closed.c set ORPHAN, the first ends what goes with its parent, family.c makes a parent
 * SHARED, in_flight.c sets WATCHED, ending.c DEFERRED of a handle that lives, waking.c counts frameless ops. Nobody may
 * be there yet, or any more, when tables.c makes a root's word and guard_memory.c that of the next value.
 *
 * Which store becomes visible to which load (F: a frame, W: the guard's word):
 *
 *   op enters               free begins
 *   ---------               -----------
 *   store F                 W: LIVE -> FREEING (compare and swap)
 *   light fence             heavy fence
 *   load W                  scan every F
 *
 *   The heavy fence runs after the swap of W on every processor of the process. An op whose load of W came before it
 *   stored F before it too, so the scan sees F; an op whose load comes after it sees FREEING and takes F back.
 *
 *   op leaves               free waits
 *   ---------               ----------
 *   clear F                 load `wake`
 *   (compiler barrier)      scan every F: still one
 *   load W: FREEING?        sleep while `wake` is as loaded
 *     count up `wake`, wake
 *
 *   After the heavy fence every leaver sees FREEING, so none that the first scan saw can leave without counting up
 * `wake` after it cleared F: a scan that follows the load of `wake` either sees F cleared or the sleep ends.
 *
 * Descendants: an op on a child is in flight on its parent too, but looks at the child's word alone. A free that finds
 * one sets WATCHED in the child's word, pays for another heavy fence and scans again: an op that is still there then
 * will see WATCHED when it leaves, and wake whoever waits for an ancestor. An op that is just being turned away, from a
 * life that is over, may look at the word of the next one instead, or find that what its handle was made from is
 * another one by now. So WATCHED is set all the way from the child to the free's handle, and whoever takes it, or the
 * way to the ancestors, out of an op's sight wakes them in its place.
 *
 * Where a processor lets loads and stores pass each other: the fields of F are stored before its guard, which is a
 * release. Clearing F and lowering the top above it are releases, so that what an op did is done when a scan finds it
 * gone. Loading W is an acquire: a free that failed puts back the word that an op remembers, and the op must see what
 * that free wrote. The heavy fence falls between two instructions of each op, so that what is said of before and after
 * holds there too. (trampoline_aarch64.S argues each instruction.)
 *
 * Private guards: W has no SHARED bit until a thread other than the creator sets it, by compare and swap, before its
 * first frame. The creator's free swaps LIVE -> FREED in one step; that swap and the other's exclude each other, so a
 * private free needs neither fence nor scan.
 *
 * Frameless ops: an op that no frame can hold, or that may run while a free drains, is counted in W itself. FREEING ->
 * FREED is a swap that requires the count to be zero.
 *
 * Inspection: a free that found ops in flight walks their stacks before it waits. `inspecting` is raised before the
 * heavy fence; a leaver that sees FREEING waits until it is zero, so that no stack is walked that its owner is giving
 * up. */
#include "protocol/guard.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "interpreter/lock.h"
#include "process/fence.h"
#include "protocol/claims.h"
#include "protocol/dead.h"
#include "protocol/descendants.h"
#include "protocol/end.h"
#include "protocol/ending.h"
#include "protocol/family.h"
#include "protocol/guard_inside.h"
#include "protocol/in_flight.h"
#include "protocol/inspection.h"
#include "protocol/live.h"
#include "protocol/older.h"
#include "protocol/refusal.h"
#include "protocol/remembered.h"
#include "protocol/sanitizers.h"
#include "protocol/signals.h"
#include "protocol/thread_end.h"
#include "protocol/ties.h"
#include "thread/event.h"
#include "thread/thread.h"
#include "thread/visit.h"

enum { REAP_INTERVAL_MS = 50 }; /* no limit: who waits looks again */
static const uint64_t MS = UINT64_C(1000000);

static uint64_t word_of(const struct hg_guard *guard)
{
	return atomic_load_explicit(&guard->word, memory_order_acquire);
}

static_assert(HG_WORD_TELL == 66, "the trampoline knows it");

static bool swap_word(struct hg_guard *guard, uint64_t *expected, uint64_t desired)
{
	return atomic_compare_exchange_strong(&guard->word, expected, desired);
}

/* --- ops --- */

static bool enter_frameless(struct hg_guard *guard, uint64_t word)
{
	if (hg_word_one_more(word) == word)
		hg_count(HG_COUNTER_VISITORS_FULL);
	return swap_word(guard, &word, hg_word_one_more(word));
}

/* Sets SHARED if this thread is a stranger to a private guard. False: the word has changed, look again. */
static bool make_shared(struct hg_guard *guard, const struct hg_context *context, uint64_t *word)
{
	if (!hg_word_private(*word) || hg_guard_owner(guard) == context->serial)
		return true;
	if (!swap_word(guard, word, *word | HG_WORD_SHARED))
		return false;
	*word |= HG_WORD_SHARED;
	return true;
}

/* Pushes the frame and checks that the word is still the same: the C twin of the trampoline's fast path. */
static struct hg_frame *push_checked(struct hg_guard *guard, struct hg_context *context, const struct hg_frame *frame,
                                     uint64_t word)
{
	struct hg_frame filled = *frame;
	filled.guard = (uint64_t)guard;
	struct hg_frame *in = hg_frame_push(context, &filled);
	hg_fence_light();
	if (!in || word_of(guard) == word)
		return in;
	hg_frame_clear(in);
	return NULL;
}

enum hg_entry hg_guard_enter(struct hg_guard *guard, struct hg_context *context, const struct hg_frame *frame,
                             unsigned how, struct hg_frame **in)
{
	hg_refusal_forget();
	for (;;) {
		uint64_t word = word_of(guard);
		if (word & HG_WORD_FREEING && how & HG_ENTER_WHILE_FREEING) {
			if (enter_frameless(guard, word))
				return HG_ENTERED_FRAMELESS;
			continue;
		}
		if (!(word & HG_WORD_LIVE)) {
			/* A scan may have met the frame that was just taken back, here or in the trampoline. */
			if (word & HG_WORD_TELL)
				hg_guard_left(guard);
			if (hg_refusal_keep(guard, word))
				return HG_LATE;
			continue;
		}
		if (word & HG_WORD_ORPHAN) {
			struct hg_parting parting;
			if (!hg_family_orphaned(guard, &parting))
				continue;
			if (!parting.attached || !(how & HG_ENTER_SPARING)) {
				hg_guard_left(guard);
				if (hg_refusal_keep(guard, word))
					return HG_ORPHANED;
				continue;
			}
		}
		if (!make_shared(guard, context, &word))
			continue;
		*in = push_checked(guard, context, frame, word);
		if (*in) {
			/* A root is no handle: none of the program's calls names it. Of what is marked each op asks
			 * why. */
			if (guard != guard->class->root && !(word & HG_WORD_ORPHAN)) {
				hg_older_note(context, guard, word);
				hg_remember(context, guard, word);
			}
			return HG_ENTERED;
		}
		if (word_of(guard) == word && enter_frameless(guard, word))
			return HG_ENTERED_FRAMELESS;
	}
}

/* For the thread sanitizer. */
static void order(struct hg_guard *guard)
{
	uint64_t word = guard ? word_of(guard) : 0;
	if (word & HG_WORD_FREEING)
		hg_sanitizer_before(guard, hg_word_generation(word));
}

static void order_tied(struct hg_guard *guard, void *unused)
{
	(void)unused;
	order(guard);
}

/* What this thread has done in an op on the guard came before the frees, of the guard, of its ancestors and of what is
 * attached, that wait for it. To be called before it can be seen that the op has left. */
static void order_all(struct hg_guard *guard)
{
	for (int i = 0; hg_sanitizer_orders() && guard && i <= HG_ANCESTORS; i++) {
		order(guard);
		order(guard->class->root);
		hg_ties_each(guard, order_tied, NULL);
		guard = hg_family_parent(guard);
	}
}

void hg_guard_leave(struct hg_guard *guard, struct hg_frame *in)
{
	order_all(guard);
	/* The thread that entered may be gone, its frames cleared, and the place another op's by now. */
	if (__atomic_load_n(&in->guard, __ATOMIC_ACQUIRE) == (uint64_t)guard)
		hg_frame_clear(in);
	hg_fence_light();
	if (word_of(guard) & HG_WORD_TELL)
		hg_guard_left(guard);
}

void hg_guard_leave_frameless(struct hg_guard *guard)
{
	order_all(guard);
	uint64_t word = word_of(guard);
	while (!swap_word(guard, &word, hg_word_one_less(word)))
		;
	if (word & HG_WORD_TELL)
		hg_guard_left(guard);
}

bool hg_guard_visit_draining(struct hg_guard *guard)
{
	uint64_t word = word_of(guard);
	while (word & HG_WORD_FREEING)
		if (enter_frameless(guard, word))
			return true;
		else
			word = word_of(guard);
	return false;
}

/* --- frees --- */

/* Whether the word says that this free drains. */
static bool draining(uint64_t word, uint64_t attempt)
{
	return word & HG_WORD_FREEING && hg_word_attempt(word) == attempt;
}

/* FREEING -> FREED, for whoever found nothing in flight. One claimant wins; a frameless op in between lets none. */
static bool claim(struct hg_guard *guard, uint64_t attempt)
{
	uint64_t word = word_of(guard);
	while (draining(word, attempt) && !hg_word_frameless(word))
		if (swap_word(guard, &word, hg_word_to(word, HG_WORD_FREED)))
			return true;
	return false;
}

/* FREEING -> `phase`, whatever is in flight. */
static void force(struct hg_guard *guard, uint64_t attempt, unsigned phase)
{
	uint64_t word = word_of(guard);
	while (draining(word, attempt) && !swap_word(guard, &word, hg_word_to(word, phase)))
		;
}

void hg_guard_let_go(struct hg_guard *held)
{
	order_all(held);
	atomic_fetch_sub(&hg_guard_more(held)->held, 1);
	if (word_of(held) & HG_WORD_TELL)
		hg_guard_left(held);
}

void hg_guard_let_ancestors_go(struct hg_pending *pending)
{
	for (int i = 0; i < HG_FAMILY_COUNTED; i++) {
		struct hg_guard *held = pending->held[i];
		pending->held[i] = NULL;
		if (held)
			hg_guard_let_go(held);
	}
}

/* Asks for what a deferred free will call, and lets leavers find it. False: there is none. */
static bool publish_deferred(struct hg_guard *guard, const struct hg_free_request *request, bool late)
{
	bool room = hg_end_put_pending(guard, NULL);
	struct hg_pending *pending = room && request->prepare ? request->prepare(guard, request->argument) : NULL;
	/* The call of this free is still in flight on them. */
	if (pending) {
		pending->late = late;
		hg_family_count(guard, pending->held);
	}
	return pending && hg_end_put_pending(guard, pending);
}

void hg_withdraw_deferred(struct hg_guard *guard)
{
	struct hg_pending *pending = hg_end_take_pending(guard);
	if (pending)
		hg_guard_let_ancestors_go(pending);
}

static void run_deferred(struct hg_guard *guard)
{
	uint64_t word = word_of(guard);
	if (!(word & HG_WORD_DEFERRED))
		return;
	struct hg_pending *pending = hg_end_pending(guard);
	if (pending && pending->only && pending->only != hg_context)
		return;
	/* There is one once the free has paid for its fence, so that this scan finds whom that one would have found. */
	if (pending && !hg_in_flight(guard) && claim(guard, hg_word_attempt(word))) {
		hg_end_take_pending(guard);
		hg_sanitizer_after(guard, hg_word_generation(word));
		pending->run(pending);
		hg_guard_let_ancestors_go(pending);
	}
}

static void tell_left(struct hg_guard *guard, bool walkable)
{
	if (!guard || !(word_of(guard) & HG_WORD_FREEING))
		return;
	hg_signal_left(guard);
	if (walkable)
		hg_inspection_await(guard);
	run_deferred(guard);
}

static void tell_tied(struct hg_guard *guard, void *walkable)
{
	tell_left(guard, *(bool *)walkable);
}

/* From a guard to its ancestors, to the roots of all their classes, and to what is attached to them. */
static void left(struct hg_guard *guard, bool walkable)
{
	for (int i = 0; guard && i <= HG_ANCESTORS; i++) {
		struct hg_guard *parent = hg_family_parent(guard);
		tell_left(guard, walkable);
		tell_left(guard->class->root, walkable);
		hg_ties_each(guard, tell_tied, &walkable);
		guard = parent;
	}
}

void hg_guard_left(struct hg_guard *guard)
{
	left(guard, true);
}

void hg_guard_reaped(struct hg_guard *guard)
{
	left(guard, false);
}

void hg_frame_name_parent(struct hg_frame *frame, const struct hg_guard *guard)
{
	__atomic_store_n(&frame->caller_fp, (uint64_t)hg_family_parent(guard), __ATOMIC_RELAXED);
}

void hg_frame_of_free(struct hg_frame *frame, const struct hg_guard *guard)
{
	frame->guard = (uint64_t)guard | HG_FRAME_FREE;
	hg_frame_name_parent(frame, guard);
}

static void left_ancestors(struct hg_guard *guard, struct hg_guard *parent, bool walkable)
{
	tell_left(guard->class->root == guard ? NULL : guard->class->root, walkable);
	left(parent, walkable);
}

void hg_guard_tell_ancestors(struct hg_guard *guard, struct hg_guard *parent)
{
	left_ancestors(guard, parent, false);
}

void hg_guard_leave_free(struct hg_guard *guard, struct hg_frame *in)
{
	struct hg_guard *parent = hg_frame_parent(in);
	order_all(guard);
	hg_frame_clear(in);
	if (!parent && !guard->class->root && !hg_is_tied(guard))
		return;
	hg_fence_light();
	hg_ties_each(guard, tell_tied, &(bool){true});
	left_ancestors(guard, parent, true);
}

enum drain { DRAINED, NOT_DRAINED, CIRCLE };

/* `but`: whose ops are not waited for; null: nobody's. */
static enum drain drain(struct hg_guard *guard, const struct hg_context *self, const struct hg_context *but,
                        uint64_t attempt, uint64_t deadline)
{
	bool quiet = false; /* nobody has left for a while */
	unsigned looked_at = 0;
	for (;;) {
		uint32_t seen = atomic_load(&guard->signals);
		if (!hg_in_flight_elsewhere(guard, but) && claim(guard, attempt))
			return DRAINED;
		uint64_t now = hg_monotonic_ns();
		/* A create can return the value of a handle whose free still drains: ids are used again. */
		if (now >= deadline || !draining(word_of(guard), attempt))
			return NOT_DRAINED;
		if (hg_waits_in_circle(guard, self))
			return CIRCLE;
		/* Ops of threads that ended without leaving will never wake anybody. */
		if (hg_threads_reap() || (quiet && hg_reap_overwritten(guard, &looked_at)))
			continue;
		uint64_t pause = now + REAP_INTERVAL_MS * MS;
		struct hg_visit asleep = hg_visit_pause();
		quiet = !hg_futex_wait(&guard->signals, seen, pause < deadline ? pause : deadline);
		hg_visit_resume(&asleep);
	}
}

void hg_publish_free(struct hg_guard *guard, const struct hg_event *event, uint64_t word)
{
	hg_end_store(guard, event, hg_word_generation(word));
	hg_live_went(guard);
	hg_dead_note(guard);
}

/* The word of a free that begins. */
static uint64_t begun(uint64_t word, unsigned bits, enum hg_children children)
{
	return hg_word_with_children(hg_word_to(word, bits), children);
}

/* The free that needs no fence: private to the calling thread, which is in no op of it. */
static bool free_private(struct hg_guard *guard, const struct hg_context *context, enum hg_children children,
                         uint64_t *word)
{
	if (!hg_word_private(*word) || hg_word_frameless(*word) || hg_guard_owner(guard) != context->serial ||
	    hg_guard_entered_by_self(guard, context, children))
		return false;
	return swap_word(guard, word, begun(*word, HG_WORD_FREED, children));
}

bool hg_guard_end_private(struct hg_guard *guard, const struct hg_context *context, uint64_t word,
                          enum hg_children children, const struct hg_event *event)
{
	uint64_t seen = word;
	if (!free_private(guard, context, children, &word))
		return false;
	hg_publish_free(guard, event, seen);
	return true;
}

/* Finds who is in flight and lets the caller look at them while they cannot return. */
static void look(struct hg_guard *guard, struct hg_context *context, const struct hg_free_request *request,
                 struct hg_free_result *result)
{
	hg_fence_heavy();
	struct hg_holders holders;
	unsigned looked_at = 0;
	hg_in_flight_find(guard, context, &holders);
	if (holders.others && (hg_threads_reap() || hg_reap_overwritten(guard, &looked_at)))
		hg_in_flight_find(guard, context, &holders);
	result->waited_for = holders.others;
	result->reentrant = holders.own && !request->own_may_stay;
	if (request->inspect && (result->reentrant || holders.others))
		request->inspect(guard, &holders, request->argument);
}

/* Leaves the real free to the last op to leave; `late`: the free has waited for it already. HG_TIMED_OUT: nobody could
 * run it. */
static enum hg_outcome defer(struct hg_guard *guard, const struct hg_free_request *request, uint64_t attempt, bool late)
{
	if (!publish_deferred(guard, request, late))
		return HG_TIMED_OUT;
	hg_sanitizer_before(guard, hg_word_generation(attempt));
	uint64_t word = word_of(guard);
	while (draining(word, attempt) && !swap_word(guard, &word, word | HG_WORD_DEFERRED))
		;
	bool drains = draining(word, attempt);
	/* What was in flight may have left before it could see that it has something to run. */
	if (drains && (hg_in_flight(guard) || !claim(guard, attempt)))
		return late ? HG_OUTLASTED : HG_DEFERRED;
	hg_withdraw_deferred(guard);
	return drains ? HG_DRAINED : HG_TIMED_OUT;
}

static enum drain await_drain(struct hg_guard *guard, struct hg_context *context, const struct hg_free_request *request,
                              struct hg_free_result *result)
{
	uint64_t begun = hg_ticks();
	/* Of a signal handler's free, or of one that runs inside a deferred free: the other goes on waiting afterwards.
	 */
	struct hg_guard *before = atomic_exchange(&context->draining, guard);
	enum drain end = drain(guard, context, request->own_may_stay ? context : NULL, result->attempt,
	                       hg_monotonic_ns() + request->deadline_ns);
	atomic_store(&context->draining, before);
	if (result->waited_for && end != CIRCLE)
		result->drain_ticks = hg_ticks() - begun;
	return end;
}

/* Whether the value was handed out again before the free was done. */
static bool is_overtaken(const struct hg_guard *guard, const struct hg_free_result *result)
{
	return hg_word_generation(word_of(guard)) != result->generation;
}

static enum hg_outcome wait_or_leak(struct hg_guard *guard, struct hg_context *context,
                                    const struct hg_free_request *request, struct hg_free_result *result)
{
	/* Nobody to defer to, and this thread cannot wait for itself. */
	enum drain end = result->reentrant ? NOT_DRAINED : await_drain(guard, context, request, result);
	if (end == DRAINED)
		return HG_DRAINED;
	enum hg_outcome outcome = HG_TIMED_OUT;
	if (end == CIRCLE || (request->outlasts && !result->reentrant && !is_overtaken(guard, result)))
		outcome = defer(guard, request, result->attempt, end != CIRCLE);
	result->overtaken = is_overtaken(guard, result);
	if (outcome == HG_TIMED_OUT)
		force(guard, result->attempt, HG_WORD_LEAKED);
	return outcome;
}

static enum hg_outcome settle(struct hg_guard *guard, struct hg_context *context, const struct hg_free_request *request,
                              struct hg_free_result *result)
{
	if (request->how == HG_FREE_OBSERVE) {
		result->overtaken = !draining(word_of(guard), result->attempt);
		force(guard, result->attempt, HG_WORD_FREED);
		return HG_DRAINED;
	}
	if (!result->waited_for && !result->reentrant && claim(guard, result->attempt))
		return HG_DRAINED;
	result->locked = request->how == HG_FREE_AUTO && !result->reentrant && hg_interpreter_lock_held();
	if (request->how == HG_FREE_DEFER || result->reentrant || result->locked) {
		enum hg_outcome outcome = defer(guard, request, result->attempt, false);
		result->overtaken = is_overtaken(guard, result);
		if (outcome != HG_TIMED_OUT)
			return outcome;
	}
	return wait_or_leak(guard, context, request, result);
}

static struct hg_free_result free_shared(struct hg_guard *guard, struct hg_context *context,
                                         const struct hg_free_request *request, uint64_t word)
{
	struct hg_free_result result = {.generation = hg_word_generation(word), .attempt = hg_word_attempt(word)};
	struct hg_event event = *request->event;
	event.flags |= hg_older_met(context, guard, result.generation) ? HG_EVENT_OLDER : 0;
	hg_publish_free(guard, &event, word);
	hg_family_mark(guard, request->children);
	hg_ties_mark(guard);
	look(guard, context, request, &result);
	hg_inspection_end(guard);
	result.outcome = settle(guard, context, request, &result);
	if (result.outcome == HG_DRAINED && request->how != HG_FREE_OBSERVE && result.waited_for)
		hg_sanitizer_after(guard, result.generation);
	return result;
}

/* Whether the free is to be made beside no call that ends the handle when it returns: the library would be in both. Not
 * of what has dropped the last claim by now, which nobody else can free, nor of what nothing is done about. */
static bool heeds_ending(const struct hg_guard *guard, enum hg_free_how how, uint64_t word)
{
	return word & HG_WORD_DEFERRED && how != HG_FREE_OBSERVE && how != HG_FREE_SILENT &&
	       !(guard->class->flags & HG_CLASS_SHARED);
}

struct hg_free_result hg_guard_begin_free(struct hg_guard *guard, struct hg_context *context,
                                          const struct hg_free_request *request)
{
	uint64_t word = word_of(guard);
	hg_refusal_forget();
	while (word & HG_WORD_LIVE && (!request->generation || request->generation == hg_word_generation(word))) {
		uint64_t seen = word;
		struct hg_free_result at_once = {.outcome = HG_DRAINED, .generation = hg_word_generation(seen)};
		if (heeds_ending(guard, request->how, word) &&
		    !hg_guard_await_ending(guard, context, request->deadline_ns, &word))
			break;
		if (word != seen)
			continue;
		if (free_private(guard, context, request->children, &word) ||
		    (request->how == HG_FREE_SILENT &&
		     swap_word(guard, &word, begun(word, HG_WORD_FREED, request->children)))) {
			hg_publish_free(guard, request->event, seen);
			if (hg_children_can(guard->class, request->children, HG_CHILDREN_ENDED))
				hg_family_mark(guard, request->children);
			hg_untie_ended(guard, at_once.generation);
			return at_once;
		}
		/* A failed swap has seen another word: perhaps that of another life. */
		if (word != seen || request->how == HG_FREE_SILENT)
			continue;
		hg_inspection_begin(guard);
		if (swap_word(guard, &word, begun(word, HG_WORD_FREEING, request->children) | HG_WORD_SHARED))
			return free_shared(guard, context, request, word);
		hg_inspection_end(guard);
	}
	hg_refusal_keep(guard, word);
	return (struct hg_free_result){.outcome = HG_ALREADY_FREEING, .generation = hg_word_generation(word)};
}
