#include "call/plain.h"

#include "api/start.h"
#include "around/ended.h"
#include "around/entered.h"
#include "around/expected.h"
#include "around/making.h"
#include "bind/plain_slots.h"
#include "call/named.h"
#include "call/shared.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/limit.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/life.h"
#include "protocol/refusal.h"
#include "protocol/tables.h"
#include "thread/event.h"
#include "thread/frames.h"
#include "thread/thread.h"

/* --- creates --- */

static bool enter_create(struct hg_call *call)
{
	if (!hg_makes_of(call->slot)->from_return)
		hg_note_stored(call);
	hg_push_create_frame(call);
	return true;
}

/* Whether nobody uses the value: what it was before is over, or never was. A life that has begun since the call did may
 * be that of the same handle (expected.c). */
static bool is_unused(const struct hg_call *call, const struct hg_guard *guard, uint64_t word)
{
	unsigned phase = hg_word_phase(word);
	return (!phase || phase == HG_WORD_FREED) && hg_event_ticks(&guard->create) < call->begun;
}

static bool make(struct hg_call *call)
{
	const struct hg_image_make *make = hg_makes_of(call->slot);
	const struct hg_class *class = hg_class_at(call->slot, make->class_index);
	uint64_t value;
	if (!hg_read_made(call, make, 0, class, &value))
		return true;
	struct hg_guard *guard = hg_guard_obtain(call, class, value);
	if (!guard)
		return true;
	uint64_t word = atomic_load_explicit(&guard->word, memory_order_acquire);
	if (!is_unused(call, guard, word))
		return false;
	struct hg_event event = hg_event_at(call, value, call->begun);
	if (!hg_guard_begin(guard, call->context, &event, word))
		return false;
	hg_count_class(call->context, class, HG_CLASS_CREATED);
	hg_limit_came(guard, &event);
	return true;
}

static bool leave_create(struct hg_call *call)
{
	if (!make(call))
		return false;
	hg_settle_expected(call);
	hg_settle_taken(call);
	hg_pop_create_frame(call);
	return true;
}

/* --- frees --- */

/* A live handle of which no other call has said anything; null: it is not. (What names no handle never has a guard.) */
static struct hg_guard *untouched(const struct hg_call *call, const struct hg_class *class, uint64_t value,
                                  uint64_t *word)
{
	enum { FLAGS = HG_WORD_FRAMELESS_ONE - 1 }; /* no limit: phase and flags */
	struct hg_guard *guard = hg_guard_known(call, class, value);
	*word = guard ? atomic_load_explicit(&guard->word, memory_order_acquire) : 0;
	return (*word & FLAGS) == HG_WORD_LIVE ? guard : NULL;
}

static bool enter_free(struct hg_call *call)
{
	const struct hg_image_use *use = hg_uses_of(call->slot);
	const struct hg_class *class = hg_class_at(call->slot, use->class_index);
	uint64_t value = hg_argument(call, use->argument) & class->mask, word;
	struct hg_guard *guard = untouched(call, class, value, &word);
	if (!guard || hg_guard_owner(guard) != call->context->serial)
		return false;
	hg_push_free_frame(call, guard);
	struct hg_event event = hg_event_here(call, value);
	hg_refusal_forget();
	if (!hg_guard_end_private(guard, call->context, word, (enum hg_children)use->children, &event)) {
		hg_pop_free_frame(call);
		return false;
	}
	call->freeing = guard;
	call->free_generation = hg_word_generation(word);
	call->free_children = use->children;
	if (call->free_frame)
		hg_frame_runs(call->context, call->free_frame, call->free_generation);
	return true;
}

static bool leave_free(struct hg_call *call)
{
	if (!hg_free_took_place(call->slot, call->result[0]))
		return false;
	hg_count_end(call->context, call->freeing, HG_CLASS_FREED);
	hg_pop_free_frame(call);
	return true;
}

/* --- in and out --- */

bool hg_enter_plainly(struct hg_call *call)
{
	if (hg_frame_before(call->context, NULL))
		return false;
	call->plain = call->slot->plain == HG_PLAIN_CREATE ? enter_create(call) : enter_free(call);
	return call->plain;
}

bool hg_leave_plainly(struct hg_call *call)
{
	/* A coroutine may have moved to another thread, and a fork may have come in between. */
	if (call->context->epoch != call->epoch || call->context != hg_context_here())
		return false;
	return call->slot->plain == HG_PLAIN_CREATE ? leave_create(call) : leave_free(call);
}
