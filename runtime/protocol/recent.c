/* Frees take places in turn. Of two that write one place at once (one of them held up while all others were taken) the
 * event may be a mixture of both: it is read by people only. */
#include "protocol/recent.h"

#include "protocol/class.h"

static struct hg_recent_free *place(struct hg_recent *recent, uint32_t number)
{
	return &recent->list[number % HG_RECENT_KEPT];
}

void hg_recent_note(const struct hg_class *class, uint64_t value, const struct hg_event *event)
{
	if (!class->recent)
		return;
	struct hg_recent_free *free = place(class->recent, atomic_fetch_add(&class->recent->next, 1));
	hg_event_clear(&free->event);
	atomic_thread_fence(memory_order_release);
	__atomic_store_n(&free->value, value, __ATOMIC_RELAXED);
	hg_event_store(&free->event, event, 0);
}

/* False: there is none, or it was written meanwhile. */
static bool read(const struct hg_recent_free *from, struct hg_recent_free *found)
{
	uint64_t ticks = __atomic_load_n(&from->event.ticks, __ATOMIC_ACQUIRE);
	found->value = __atomic_load_n(&from->value, __ATOMIC_RELAXED);
	found->event = hg_event_load(&from->event);
	return ticks && found->event.ticks == ticks;
}

void hg_recent_drop(const struct hg_class *class, uint64_t value, uint32_t tid)
{
	struct hg_recent *recent = class->recent;
	uint32_t next = recent ? atomic_load(&recent->next) : 0;
	for (uint32_t i = 1; recent && i <= HG_RECENT_KEPT; i++) {
		struct hg_recent_free *free = place(recent, next - i), found;
		if (!read(free, &found) || found.value != value || found.event.tid != tid)
			continue;
		hg_event_clear(&free->event);
		return;
	}
}

unsigned hg_recent_list(const struct hg_class *class, struct hg_recent_free found[HG_RECENT_TOLD])
{
	struct hg_recent *recent = class->recent;
	uint32_t next = recent ? atomic_load(&recent->next) : 0;
	unsigned count = 0;
	for (uint32_t i = 1; recent && i <= HG_RECENT_KEPT && count < HG_RECENT_TOLD; i++)
		count += read(place(recent, next - i), &found[count]);
	return count;
}
