/* Until a call that ends the handle returns ops are let in, but no second such call, nor any other free of it. */
#include "protocol/ending.h"

#include "base/sys.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/guard_word.h"
#include "protocol/signals.h"
#include "protocol/thread_end.h"
#include "thread/frames.h"
#include "thread/thread.h"

enum { LOOK_INTERVAL_MS = 50 }; /* no limit: who waits looks again */
static const uint64_t MS = UINT64_C(1000000);

struct enders {
	const struct hg_guard *guard;
	const struct hg_context *self;
	bool any, own, may_fail;
};

/* Not what is embedded in the program, or left to the last op: neither ends a handle when it returns. */
static bool can_fail(const struct hg_frame *frame)
{
	return !(frame->fp & 1) && frame->slot && ((const struct hg_slot *)frame->slot)->freed.test != HG_TEST_ALWAYS;
}

static bool note_ender(struct hg_context *owner, struct hg_frame *frame, void *argument)
{
	struct enders *enders = argument;
	struct hg_frame copy = hg_frame_load(frame);
	if (copy.guard & HG_FRAME_FREE && copy.guard & HG_FRAME_RUNS && hg_frame_guard(copy.guard) == enders->guard) {
		enders->any = true;
		enders->own |= owner == enders->self;
		enders->may_fail |= can_fail(&copy);
	}
	return true;
}

static bool await_ender(struct hg_guard *guard, uint64_t deadline)
{
	uint32_t seen = atomic_load(&guard->signals);
	uint64_t now = hg_monotonic_ns(), pause = now + LOOK_INTERVAL_MS * MS;
	if (now >= deadline)
		return false;
	if (atomic_load(&guard->word) & HG_WORD_DEFERRED)
		hg_futex_wait(&guard->signals, seen, pause < deadline ? pause : deadline);
	hg_threads_reap();
	return true;
}

/* DEFERRED in the word of a live handle says that such a call is in; its frame says so before. */
enum hg_ending hg_guard_begin_ending(struct hg_guard *guard, struct hg_context *context, struct hg_frame *in,
                                     uint64_t patience_ns, uint32_t *generation)
{
	uint64_t deadline = hg_monotonic_ns() + patience_ns, word = atomic_load(&guard->word);
	while (word & HG_WORD_LIVE) {
		struct enders enders = {.guard = guard, .self = context};
		*generation = hg_word_generation(word);
		/* Another one has won: this one is not in. */
		if (in)
			hg_frame_stops(in);
		if (word & HG_WORD_DEFERRED)
			hg_frames_each(note_ender, &enders);
		if (enders.own || (enders.any && !await_ender(guard, deadline)))
			return HG_ENDING_BUSY;
		if (enders.any) {
			word = atomic_load(&guard->word);
			continue;
		}
		if (in)
			hg_frame_runs(context, in, *generation);
		/* One that set it and was left by force is in no more: the swap is another's all the same. */
		if (atomic_compare_exchange_strong(&guard->word, &word, (word ^ HG_WORD_MARK) | HG_WORD_DEFERRED))
			return HG_ENDING_BEGUN;
	}
	return HG_ENDING_OVER;
}

/* Who goes on swaps the word that was looked at here, and a call that ends the handle when it returns has swapped it
 * before it begins: each excludes the other. */
bool hg_guard_await_ending(struct hg_guard *guard, const struct hg_context *self, uint64_t patience_ns, uint64_t *word)
{
	uint64_t deadline = hg_monotonic_ns() + patience_ns;
	uint32_t generation = hg_word_generation(*word);
	while (*word & HG_WORD_LIVE && *word & HG_WORD_DEFERRED && hg_word_generation(*word) == generation) {
		struct enders enders = {.guard = guard, .self = self};
		hg_frames_each(note_ender, &enders);
		if (!enders.any || enders.own)
			return true;
		if (!enders.may_fail || !await_ender(guard, deadline))
			return false;
		*word = atomic_load(&guard->word);
	}
	return true;
}

void hg_guard_stop_ending(struct hg_guard *guard, uint32_t generation)
{
	uint64_t word = atomic_load(&guard->word);
	while (word & HG_WORD_LIVE && word & HG_WORD_DEFERRED && hg_word_generation(word) == generation &&
	       !atomic_compare_exchange_strong(&guard->word, &word, word & ~(uint64_t)HG_WORD_DEFERRED))
		;
	hg_signal_left(guard);
}
