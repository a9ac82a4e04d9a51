#include "trampoline/entries.h"

#include "api/inline_ops.h"
#include "around/exclusive.h"
#include "base/options.h"
#include "bind/images.h"
#include "bind/slots.h"
#include "format/image.h"
#include "format/record.h"
#include "process/fence.h"
#include "process/process.h"
#include "protocol/class.h"
#include "protocol/sanitizers.h"
#include "provoke/provoked.h"
#include "provoke/watch.h"

/* Whether all that is asked for is that ops are alone. */
static bool is_only_alone(const struct hg_class *class, const struct hg_image_use *use)
{
	return hg_must_be_alone(use) && !(class->flags & HG_CLASS_OWN_THREAD);
}

static bool may_be_fast(const struct hg_slot *slot)
{
	const struct hg_class *class = (const struct hg_class *)slot->class_runtime;
	const struct hg_image_use *use = hg_uses_of(slot);
	return class && (!hg_is_exclusive(class) || is_only_alone(class, use)) && !hg_sanitizer_orders() &&
	       slot->roles == HG_ROLE_OP && slot->use_count == 1 && !slot->make_count &&
	       use->argument < HG_REGISTER_ARGUMENTS && !use->indirect && !use->allowed_while_freeing &&
	       use->frees == HG_USE_OP && !use->choice.argument && !(use->ways & ~HG_USE_SPARES);
}

static enum hg_fast_stack stack_of(const struct hg_slot *slot)
{
	if (slot->stack_bytes == HG_FAST_WORDS_BYTES)
		return HG_FAST_WORDS;
	return slot->stack_bytes ? HG_FAST_OTHER : HG_FAST_NONE;
}

static bool is_alone(const struct hg_slot *slot)
{
	return hg_is_exclusive((const struct hg_class *)slot->class_runtime);
}

static bool is_fenced(void)
{
	return atomic_load(&hg_fence_kind) != HG_FENCE_MEMBARRIER;
}

static enum hg_fast_order order_of(const struct hg_slot *slot)
{
	if (is_alone(slot))
		return HG_FAST_ALONE;
	return is_fenced() ? HG_FAST_FENCED : HG_FAST_LIGHT;
}

static const char *fast_entry(const struct hg_slot *slot)
{
	const struct hg_image_use *use = hg_uses_of(slot);
	bool narrow = slot->mask != UINT64_MAX;
	return hg_fast_trampolines + hg_fast_table[narrow][order_of(slot)][stack_of(slot)][use->argument];
}

static const char *general(void)
{
	return hg_provoking ? hg_provoking_trampoline : hg_trampoline;
}

static const char *entry_of(const struct hg_slot *slot)
{
	bool fast = hg_slot_is_certain(slot) && !atomic_load(&hg_process_forks_unseen) &&
	            !(hg_provoking && hg_watch_wants(slot)) && !(is_alone(slot) && is_fenced());
	return fast ? fast_entry(slot) : general();
}

static void choose(struct hg_slot *slot)
{
	/* A fresh copy has the entry of the slot that it was copied from. */
	if (!slot->real || (hg_provoking && !may_be_fast(slot)))
		__atomic_store_n(&slot->entry, (void *)general(), __ATOMIC_SEQ_CST);
	if (!may_be_fast(slot))
		return;
	slot->stack_bytes = (slot->stack_bytes + 15u) & ~15u; /* before the entry: the fast trampolines rely on it */
	/* Again if membarrier was lost, a load begun, calls to be seen or another definition found meanwhile: who did
	 * that may have been here just before this store. */
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
	hg_inline_ops_close();
	hg_each_bound_slot(choose);
}

/* Its first call too is looked at. */
static void provoke(struct hg_slot *slot, void *unused)
{
	(void)unused;
	void *first = (void *)hg_trampoline;
	__atomic_compare_exchange_n(&slot->entry, &first, (void *)general(), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

void hg_entries_start(void)
{
	if (hg_provoking)
		hg_each_slot(provoke, NULL);
	hg_slot_on_change = choose;
	hg_fence_lost = choose_all;
	hg_process_on_unseen_forks = choose_all;
	/* Constructors of other objects may have called some before. */
	choose_all();
}
