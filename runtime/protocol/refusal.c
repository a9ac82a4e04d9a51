#include "protocol/refusal.h"

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"
#include "protocol/closed.h"
#include "protocol/end.h"
#include "protocol/family.h"
#include "protocol/guard_word.h"
#include "protocol/ties.h"
#include "thread/event.h"

enum { SPINS = 1000 };           /* no limit: then it is waited for */
enum { PATIENCE_NS = 50000000 }; /* limit: WINNER_UNKNOWN */

static __thread struct hg_refusal kept __attribute__((tls_model("initial-exec")));
static __thread volatile bool keeping __attribute__((tls_model("initial-exec"))); /* in case a signal handler comes */

/* Not of one whose free has failed meanwhile. */
static bool has_ended(const struct hg_guard *guard, uint32_t generation)
{
	uint64_t word = atomic_load(&guard->word);
	return hg_word_generation(word) == generation && hg_word_is_over(word);
}

/* A winner can be held up before it publishes its event, for as long as others have its processor. */
struct hg_event hg_winning_free(const struct hg_guard *guard, uint32_t generation)
{
	struct hg_event event = hg_end_of_life(guard, generation);
	for (int i = 0; i < SPINS && !event.ticks; i++)
		event = hg_end_of_life(guard, generation);
	uint64_t limit = event.ticks ? 0 : hg_monotonic_ns() + PATIENCE_NS;
	while (!event.ticks && has_ended(guard, generation) && !hg_end_is_lost(guard)) {
		if (hg_monotonic_ns() >= limit) {
			hg_count(HG_COUNTER_WINNER_UNKNOWN);
			break;
		}
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
		event = hg_end_of_life(guard, generation);
	}
	return event;
}

static void look(struct hg_refusal *refusal, struct hg_guard *guard, uint64_t word)
{
	const struct hg_guard *ended = word & HG_WORD_LIVE ? hg_family_ended_by(guard) : guard;
	if (!ended && word & HG_WORD_ORPHAN && word & HG_WORD_LIVE && !hg_guard_is_closed(guard))
		ended = hg_tie_ended(guard);
	/* One that lives with DEFERRED is being ended by another call; one that was closed will be. */
	if (!ended && (word & HG_WORD_DEFERRED || (word & HG_WORD_ORPHAN && hg_guard_is_closed(guard))))
		ended = guard;
	refusal->generation = hg_word_generation(word);
	refusal->create = hg_event_of_life(&guard->create, refusal->generation);
	refusal->ended = ended;
	refusal->free.ticks = 0;
	if (ended) {
		refusal->ended_generation = hg_word_generation(ended == guard ? word : atomic_load(&ended->word));
		refusal->free = hg_end_of_life(ended, refusal->ended_generation);
	}
	refusal->guard = guard;
}

/* A winner that had not published its event then may have done so by now. */
static struct hg_refusal completed(struct hg_refusal refusal)
{
	if (refusal.ended && !refusal.free.ticks)
		refusal.free = hg_winning_free(refusal.ended, refusal.ended_generation);
	return refusal;
}

struct hg_refusal hg_refusal_now(struct hg_guard *guard)
{
	struct hg_refusal now;
	look(&now, guard, atomic_load(&guard->word));
	return completed(now);
}

bool hg_refusal_keep(struct hg_guard *guard, uint64_t word)
{
	if (!keeping) {
		keeping = true;
		look(&kept, guard, word);
		keeping = false;
	}
	return hg_guard_generation(guard) == hg_word_generation(word);
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
	return last.guard == guard ? completed(last) : hg_refusal_now(guard);
}
