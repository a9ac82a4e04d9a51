/* Slots, and which function each leads to. */
#ifndef HG_SLOTS_H
#define HG_SLOTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "format/image.h"

struct hg_object;

/* Bit of a slot's address, as the stubs for a library's own calls hand it to the trampoline (inside.h). */
#define HG_CALLED_INSIDE UINT64_C(1)

/* The slot's image. */
static inline struct hg_image *hg_image_of(const struct hg_slot *slot)
{
	return (struct hg_image *)((char *)slot - slot->image);
}

/* Told of each slot that is bound, or may lead elsewhere than before. Null: nobody, and slots keep their entries. */
extern void (*hg_slot_on_change)(struct hg_slot *slot);

static inline void hg_slot_changed(struct hg_slot *slot)
{
	if (hg_slot_on_change)
		hg_slot_on_change(slot);
}

/* Binds this slot to a function of this library. False if it is bound to another one. */
bool hg_bind_slot(struct hg_slot *slot, void *real, const struct hg_object *library);

/* Every slot that is bound, the preload objects' and the runtime's own. At any time. */
void hg_each_bound_slot(void (*visit)(struct hg_slot *slot));

/* Whom a caller means, where several can be meant. */
struct hg_caller {
	struct hg_caller *next;
	uint64_t low, size; /* where the caller's object lies */
	struct hg_slot *slot;
	uint32_t changes; /* the count of changes for which this holds */
};

/* How many loads are under way: what was bound before them need not be what their objects mean. */
extern _Atomic uint32_t hg_loading;

/* Counted up with everything that is loaded or unloaded. */
extern _Atomic uint32_t hg_changes;

/* Whether the slot leads to one function, whoever calls. */
static inline bool hg_slot_is_certain(const struct hg_slot *slot)
{
	uint32_t binding = __atomic_load_n(&slot->binding, __ATOMIC_SEQ_CST);
	return (binding == HG_BINDING_ONE && !atomic_load(&hg_loading)) || binding == HG_BINDING_OWN;
}

/* The slot that a call from an address means, if that is known without asking; null: hg_resolve knows. */
static inline struct hg_slot *hg_slot_known(const struct hg_slot *slot, uint64_t from)
{
	if (__atomic_load_n(&slot->binding, __ATOMIC_ACQUIRE) != HG_BINDING_AMBIGUOUS || atomic_load(&hg_loading))
		return NULL;
	uint32_t changes = atomic_load_explicit(&hg_changes, memory_order_acquire);
	const struct hg_caller *known = (const struct hg_caller *)__atomic_load_n(&slot->callers, __ATOMIC_ACQUIRE);
	for (; known; known = known->next)
		if (from - known->low < known->size && __atomic_load_n(&known->changes, __ATOMIC_ACQUIRE) == changes)
			return __atomic_load_n(&known->slot, __ATOMIC_ACQUIRE);
	return NULL;
}

#endif
