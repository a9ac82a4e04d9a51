#include "call/named.h"

#include "around/expected.h"
#include "base/counters.h"
#include "base/options.h"
#include "entry/arguments.h"
#include "entry/event_here.h"
#include "finding/limit.h"
#include "finding/race.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/class.h"
#include "protocol/guard.h"
#include "protocol/guard_memory.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/life.h"
#include "protocol/tables.h"
#include "thread/cache.h"
#include "thread/event.h"
#include "thread/thread.h"

/* The guard if this thread remembers it. */
static struct hg_guard *remembered(const struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	/* One load, and what it points to never changes: a signal handler may put another handle there at any time. */
	struct hg_guard *guard = __atomic_load_n(&hg_cache_at(call->context, value)->guard, __ATOMIC_RELAXED);
	return guard && guard->value == value && guard->class == class && hg_guard_meet(guard) ? guard : NULL;
}

struct hg_guard *hg_guard_known(const struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	struct hg_guard *guard = remembered(call, class, value);
	return guard ? guard : hg_table_find(class, value);
}

struct hg_guard *hg_guard_obtain(const struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	struct hg_guard *guard = remembered(call, class, value);
	if (guard)
		return guard;
	guard = hg_table_obtain(class, value);
	if (!guard)
		hg_count(HG_COUNTER_MEMORY_REFUSED);
	return guard;
}

struct hg_guard *hg_guard_of(struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	struct hg_guard *guard = hg_guard_obtain(call, class, value);
	if (!guard)
		return NULL;
	uint64_t word = atomic_load_explicit(&guard->word, memory_order_acquire);
	if (hg_word_phase(word))
		return guard;
	struct hg_event event = hg_event_here(call, value);
	struct hg_guard *parent = NULL;
	uint32_t expected = hg_expected_flags(call, guard, &parent);
	event.flags |= HG_EVENT_ADOPTED | expected;
	if (hg_guard_adopt(guard, hg_word_generation(word), &event, parent)) {
		hg_count_class(call->context, class, HG_CLASS_ADOPTED);
		hg_limit_came(guard, &event);
		if (class->flags & HG_CLASS_CLOSED && !call->internal && !expected)
			hg_report_call(HG_KIND_STRAY, guard, &event);
	}
	return guard;
}

/* Of a value that a create in flight may be making nobody can say yet that it was never given out. */
bool hg_names_stray(struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	if (!(class->flags & HG_CLASS_STRAY_REFUSED) || call->internal || hg_options.mode == HG_MODE_OBSERVE)
		return false;
	struct hg_guard *guard = hg_table_obtain(class, value), *parent;
	return guard && !hg_word_phase(atomic_load_explicit(&guard->word, memory_order_acquire)) &&
	       !hg_expected_flags(call, guard, &parent);
}

static bool refuse_stray(struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	struct hg_event event = hg_event_here(call, value);
	hg_report_call(HG_KIND_STRAY, hg_table_obtain(class, value), &event);
	return true;
}

static bool refuse_none(struct hg_call *call, const struct hg_class *class, uint64_t value)
{
	struct hg_event event = hg_event_here(call, value);
	hg_report_none(class, value, &event);
	return hg_options.mode != HG_MODE_OBSERVE;
}

bool hg_is_refused(struct hg_call *call, const struct hg_image_use *use, uint32_t number, const struct hg_class *class)
{
	bool none = use->none == HG_NONE_REFUSED;
	if (call->internal || !(none || class->flags & HG_CLASS_STRAY_REFUSED))
		return false;
	struct hg_image_place place = hg_place_of_use(use);
	uint64_t value;
	if (!hg_read_named(call, &place, number, class, &value))
		return false;
	if (hg_names_none(class, value))
		return none && refuse_none(call, class, value);
	return hg_names_stray(call, class, value) && refuse_stray(call, class, value);
}
