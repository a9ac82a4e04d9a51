#include "trampoline/entries.h"

#include "bind/instances.h"
#include "bind/slots.h"
#include "call/exclusive.h"
#include "format/image.h"
#include "format/record.h"
#include "process/fence.h"
#include "process/process.h"
#include "protocol/class.h"
#include "protocol/sanitizers.h"

static bool may_be_fast(const struct hg_slot *slot)
{
	const struct hg_class *class = (const struct hg_class *)slot->class_runtime;
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	return class && !hg_is_exclusive(class) && !hg_sanitizer_orders() && slot->roles == HG_ROLE_OP &&
	       slot->use_count == 1 && !slot->make_count && use->argument < HG_REGISTER_ARGUMENTS && !use->indirect &&
	       !use->allowed_while_freeing && use->frees == HG_USE_OP && !use->choice.argument;
}

static const char *fast_entry(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	bool narrow = slot->mask != UINT64_MAX, stack = slot->stack_bytes != 0;
	bool fence = atomic_load(&hg_fence_kind) != HG_FENCE_MEMBARRIER;
	return hg_fast_trampolines + hg_fast_table[narrow][fence][stack][use->argument];
}

static const char *entry_of(const struct hg_slot *slot)
{
	bool fast = hg_slot_is_certain(slot) && !atomic_load(&hg_process_forks_unseen);
	return fast ? fast_entry(slot) : hg_trampoline;
}

static void choose(struct hg_slot *slot)
{
	/* A fresh copy has the entry of the slot that it was copied from. */
	if (!slot->real)
		__atomic_store_n(&slot->entry, (void *)hg_trampoline, __ATOMIC_SEQ_CST);
	if (!may_be_fast(slot))
		return;
	slot->stack_bytes = (slot->stack_bytes + 15u) & ~15u; /* before the entry: the fast trampolines rely on it */
	/* Again if membarrier was lost, a load begun or another definition found meanwhile: who did that may have been
	 * here just before this store. */
	const char *entry, *now = NULL;
	do {
		entry = now ? now : entry_of(slot);
		__atomic_store_n(&slot->entry, (void *)entry, __ATOMIC_SEQ_CST);
		now = entry_of(slot);
	} while (now != entry);
}

/* membarrier is gone: ops pay for a full fence from now on; or forks are not seen, and each op has to ask. */
static void choose_all(void)
{
	hg_each_bound_slot(choose);
}

void hg_entries_start(void)
{
	hg_slot_on_change = choose;
	hg_fence_lost = choose_all;
	hg_process_on_unseen_forks = choose_all;
	/* Constructors of other objects may have called some before. */
	choose_all();
}
