#include "protocol/life.h"

#include "base/sys.h"
#include "protocol/claims.h"
#include "protocol/class.h"
#include "protocol/descendants.h"
#include "protocol/end.h"
#include "protocol/family.h"
#include "protocol/guard_inside.h"
#include "protocol/guard_word.h"
#include "protocol/live.h"
#include "protocol/remembered.h"
#include "protocol/signals.h"
#include "protocol/tables.h"
#include "thread/event.h"
#include "thread/inherited.h"
#include "thread/thread.h"
#include "thread/visit.h"

static uint64_t word_of(const struct hg_guard *guard)
{
	return atomic_load_explicit(&guard->word, memory_order_acquire);
}

static bool swap_word(struct hg_guard *guard, uint64_t *expected, uint64_t desired)
{
	return atomic_compare_exchange_strong(&guard->word, expected, desired);
}

bool hg_guard_lives(const struct hg_guard *guard)
{
	return word_of(guard) & HG_WORD_LIVE;
}

bool hg_guard_give_up(struct hg_guard *guard, const struct hg_event *event)
{
	uint64_t word = word_of(guard);
	while (word & HG_WORD_LIVE)
		if (swap_word(guard, &word, hg_word_to(hg_word_unmarked(word), HG_WORD_LEAKED) | HG_WORD_SHARED)) {
			hg_publish_free(guard, event, word);
			/* An ancestor's free that failed may just have taken back the marks that it had set. */
			if (hg_family_has(guard))
				hg_family_mark(guard, HG_CHILDREN_ORPHANED);
			return true;
		}
	return false;
}

void hg_guard_may_end(struct hg_guard *guard)
{
	if (__atomic_fetch_or(&guard->create.flags, HG_EVENT_MAY_END, __ATOMIC_RELAXED) & HG_EVENT_MAY_END)
		return;
	hg_live_went(guard);
}

void hg_guard_revive(struct hg_guard *guard, uint32_t generation)
{
	uint64_t word = word_of(guard);
	while (hg_word_generation(word) == generation && word & HG_WORD_FREED) {
		/* Before the word: whoever sees it live must not see the free that failed, and must find its claims. */
		hg_end_clear(guard);
		if (guard->class->flags & HG_CLASS_SHARED)
			hg_claims_restore(guard, generation);
		uint64_t next = hg_word_to(hg_word_with_mark(word), HG_WORD_LIVE) | HG_WORD_SHARED;
		next = hg_word_with_children(next, HG_CHILDREN_ORPHANED);
		if (swap_word(guard, &word, next)) {
			struct hg_event create = hg_event_of_life(&guard->create, generation);
			hg_live_came(guard, &create, generation);
			hg_family_revive(guard, generation);
			return;
		}
	}
}

void hg_guard_renew_root(struct hg_guard *root)
{
	uint64_t word = word_of(root);
	while (word & (HG_WORD_FREED | HG_WORD_LEAKED))
		if (swap_word(root, &word, hg_word_reborn(word) | HG_WORD_SHARED)) {
			hg_family_revive(root, hg_guard_generation(root));
			hg_signal_left(root);
			return;
		}
}

bool hg_guard_await_renewal(struct hg_guard *root)
{
	uint64_t deadline = hg_monotonic_ns() + root->class->deadline_ns;
	for (;;) {
		uint32_t seen = atomic_load(&root->signals);
		if (!(word_of(root) & (HG_WORD_FREED | HG_WORD_LEAKED)))
			return true;
		if (hg_monotonic_ns() >= deadline)
			return false;
		struct hg_visit asleep = hg_visit_pause();
		hg_futex_wait(&root->signals, seen, deadline);
		hg_visit_resume(&asleep);
	}
}

static void forked(struct hg_guard *root)
{
	uint64_t word = word_of(root);
	uint32_t generation = hg_word_generation(word);
	/* A free that is left to the last op is run here by the next one. */
	bool waits = word & HG_WORD_FREEING && !(word & HG_WORD_DEFERRED);
	if (hg_inherited_frees(root))
		return;
	if (waits && swap_word(root, &word, hg_word_with_children(hg_word_to(word, HG_WORD_LIVE), 0)))
		hg_family_revive(root, generation);
	else if (word & (HG_WORD_FREED | HG_WORD_LEAKED)) {
		hg_family_end(root, generation, HG_CHILDREN_ENDED, NULL, NULL);
		hg_guard_renew_root(root);
	}
}

void hg_roots_forked(void)
{
	for (const struct hg_class *class = hg_classes_with_roots(); class; class = class->next)
		forked(class->root);
}

/* After the swap: what is known of the last life stays until then, so that whoever was rejected by it either tells
 * of it or finds another word. */
static void publish_create(struct hg_guard *guard, const struct hg_event *event, uint64_t word)
{
	hg_event_store(&guard->create, event, hg_word_generation(word));
	hg_live_came(guard, event, hg_word_generation(word));
}

/* The swap from the last life's word to the next one's was won. */
static enum hg_birth succeed(struct hg_guard *guard, struct hg_context *context, uint64_t word, uint64_t next)
{
	hg_remember(context, guard, next);
	if (word & HG_WORD_DEFERRED)
		hg_withdraw_deferred(guard);
	if (hg_family_has(guard))
		hg_family_born(guard, hg_word_generation(next));
	if (word & HG_WORD_FREEING && word & HG_WORD_DEFERRED)
		return HG_RECLAIMED;
	if (!(word & HG_WORD_LIVE))
		return HG_BORN;
	return word & HG_WORD_ORPHAN ? HG_SUCCEEDED : HG_REBORN;
}

enum hg_birth hg_guard_create(struct hg_guard *guard, struct hg_context *context, const struct hg_event *event,
                              struct hg_guard *parent)
{
	uint64_t word = word_of(guard), next = 0;
	struct hg_guard *last_parent = NULL;
	bool has_family = parent || hg_family_has(guard);
	hg_guard_set_owner(guard, context->serial);
	do {
		uint32_t life = hg_word_generation(next);
		next = hg_word_reborn(word);
		if (has_family && hg_word_generation(next) != life) {
			last_parent = hg_family_parent(guard);
			hg_family_join(guard, hg_word_generation(next), parent);
		}
	} while (!swap_word(guard, &word, next));
	hg_guard_lost_ancestors(guard, last_parent, word);
	publish_create(guard, event, next);
	return succeed(guard, context, word, next);
}

bool hg_guard_begin(struct hg_guard *guard, struct hg_context *context, const struct hg_event *event, uint64_t word)
{
	uint64_t next = hg_word_reborn(word);
	hg_guard_set_owner(guard, context->serial);
	if (!swap_word(guard, &word, next))
		return false;
	publish_create(guard, event, next);
	hg_remember(context, guard, next);
	return true;
}

bool hg_guard_create_next(struct hg_guard *guard, struct hg_context *context, const struct hg_event *event,
                          struct hg_guard *parent, uint32_t generation, enum hg_birth *birth)
{
	uint64_t word = word_of(guard), next;
	struct hg_guard *last_parent = hg_family_parent(guard);
	do {
		if (hg_word_generation(word) != generation)
			return false;
		next = hg_word_reborn(word) | HG_WORD_SHARED;
	} while (!swap_word(guard, &word, next));
	hg_guard_lost_ancestors(guard, last_parent, word);
	publish_create(guard, event, next);
	hg_guard_set_owner(guard, context->serial);
	if (parent || hg_family_has(guard))
		hg_family_join(guard, hg_word_generation(next), parent);
	*birth = succeed(guard, context, word, next);
	return true;
}

bool hg_guard_adopt(struct hg_guard *guard, uint32_t generation, const struct hg_event *event, struct hg_guard *parent)
{
	uint64_t word = word_of(guard);
	struct hg_guard *last_parent = hg_family_parent(guard);
	if (hg_word_generation(word) != generation || (hg_word_phase(word) && !(word & HG_WORD_FREED)))
		return false;
	if (!swap_word(guard, &word, hg_word_reborn(word) | HG_WORD_SHARED))
		return false;
	hg_guard_lost_ancestors(guard, last_parent, word);
	publish_create(guard, event, hg_word(generation + 1, 0));
	if (parent || (generation && hg_family_has(guard)))
		hg_family_join(guard, generation + 1, parent);
	hg_family_born(guard, generation + 1);
	return true;
}

void hg_guard_forget(struct hg_guard *guard)
{
	uint64_t word = word_of(guard);
	while (word & HG_WORD_FREED && !swap_word(guard, &word, hg_word_to(word, 0)))
		;
}

void hg_guard_explain(struct hg_guard *guard, const struct hg_event *event, struct hg_guard *parent)
{
	uint64_t word = word_of(guard);
	struct hg_guard *last_parent = hg_family_parent(guard);
	publish_create(guard, event, word);
	if (!parent || last_parent == parent)
		return;
	hg_family_join(guard, hg_word_generation(word), parent);
	hg_guard_lost_ancestors(guard, last_parent, word_of(guard));
	hg_family_born(guard, hg_word_generation(word));
}
