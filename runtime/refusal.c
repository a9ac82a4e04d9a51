#include "refusal.h"

#include "family.h"

static __thread struct hg_refusal kept __attribute__((tls_model("initial-exec")));
static __thread volatile bool keeping __attribute__((tls_model("initial-exec"))); /* in case a signal handler comes */

struct hg_event hg_winning_free(const struct hg_guard *guard, uint32_t generation)
{
	struct hg_event event = hg_event_of_life(&guard->free, generation);
	for (int i = 0; i < 1000 && !event.ticks; i++)
		event = hg_event_of_life(&guard->free, generation);
	return event;
}

static void look(struct hg_refusal *refusal, struct hg_guard *guard, uint64_t word)
{
	struct hg_guard *freed = word & HG_WORD_LIVE ? hg_family_ended_by(guard) : guard;
	refusal->generation = hg_word_generation(word);
	refusal->create = hg_event_of_life(&guard->create, refusal->generation);
	refusal->free.ticks = 0;
	if (freed)
		refusal->free =
		    hg_winning_free(freed, hg_word_generation(freed == guard ? word : atomic_load(&freed->word)));
	refusal->guard = guard;
}

struct hg_refusal hg_refusal_now(struct hg_guard *guard)
{
	struct hg_refusal now;
	look(&now, guard, atomic_load(&guard->word));
	return now;
}

bool hg_refusal_keep(struct hg_guard *guard, uint64_t word)
{
	if (!keeping) {
		keeping = true;
		look(&kept, guard, word);
		keeping = false;
	}
	return hg_word_generation(atomic_load(&guard->word)) == hg_word_generation(word);
}

void hg_refusal_forget(void)
{
	if (!keeping)
		kept.guard = NULL;
}

struct hg_refusal hg_refusal_take(struct hg_guard *guard)
{
	struct hg_refusal last = kept;
	kept.guard = NULL;
	return last.guard == guard ? last : hg_refusal_now(guard);
}
