#include "bind/slots.h"

#include "dynlink/elf_object.h"
#include "protocol/tables.h"

void (*hg_slot_on_change)(struct hg_slot *slot);
_Atomic uint32_t hg_loading, hg_changes;

static _Atomic uint64_t last_bound;

/* Before the slot is told of the change: who begins a load either meets it here, or the slot meets the load. */
static void list(struct hg_slot *slot)
{
	slot->bound = atomic_load(&last_bound);
	while (!atomic_compare_exchange_weak(&last_bound, &slot->bound, (uint64_t)slot))
		;
}

void hg_each_bound_slot(void (*visit)(struct hg_slot *slot))
{
	for (struct hg_slot *slot = (struct hg_slot *)atomic_load(&last_bound); slot;
	     slot = (struct hg_slot *)slot->bound)
		visit(slot);
}

bool hg_bind_slot(struct hg_slot *slot, void *real, const struct hg_object *library)
{
	void *bound = __atomic_load_n(&slot->real, __ATOMIC_ACQUIRE);
	if (bound)
		return bound == real;
	slot->library_low = library->low;
	slot->library_size = library->high - library->low;
	if (!__atomic_compare_exchange_n(&slot->real, &bound, real, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return bound == real;
	list(slot);
	if (slot->class_runtime)
		hg_symbol_bind(slot->symbol, real, library->path);
	hg_slot_changed(slot);
	return true;
}
