/* A closed life has ORPHAN in its word, as one whose parent's free has begun: so each thread's next op comes by the
 * slow path, and asks why (descendants.c). That it is closed stands with its create, from before the word changes;
 * nobody takes that mark back. */
#include "protocol/closed.h"

#include "format/image.h"
#include "protocol/end.h"
#include "protocol/guard_word.h"
#include "thread/event.h"

static uint64_t word_of(const struct hg_guard *guard)
{
	return atomic_load(&guard->word);
}

bool hg_guard_close(struct hg_guard *guard, const struct hg_event *event)
{
	uint64_t word = word_of(guard);
	uint32_t generation = hg_word_generation(word);
	if (!(word & HG_WORD_LIVE) ||
	    __atomic_fetch_or(&guard->create.flags, HG_EVENT_CLOSED, __ATOMIC_ACQ_REL) & HG_EVENT_CLOSED)
		return false;
	hg_end_store(guard, event, generation);
	while (word & HG_WORD_LIVE && hg_word_generation(word) == generation)
		if (atomic_compare_exchange_weak(&guard->word, &word, hg_word_marked(word, HG_CHILDREN_ENDED)))
			return true;
	return false;
}
