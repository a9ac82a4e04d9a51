/* Where references lead that are to lead to guards: the functions of a linked-in library, and the words that hold their
 * addresses. */
#ifndef HG_TARGETS_H
#define HG_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hg_slot;

struct hg_target {
	uint64_t at;       /* as the object's tables have it */
	uint64_t function; /* the function's own; the same, or what the word holds */
	bool is_word;
	struct hg_slot *slot; /* of the function's name */
};

/* From the first to the last. */
struct hg_target_range {
	uint64_t low, size;
};

enum { HG_TARGETS_MOST = 4096 }; /* limit: TARGETS_FULL */
enum { HG_SIEVE_WORDS = 512 };   /* no limit: a bit for many addresses */
struct hg_targets {
	unsigned count, sorted;
	struct hg_target_range functions, words; /* there is much between them, to which everything refers */
	uint64_t sieve[HG_SIEVE_WORDS]; /* a bit where there is a target: tells of most addresses that they are none */
	struct hg_target list[HG_TARGETS_MOST];
};

/* False, which is counted: there is no more room. */
bool hg_targets_add(struct hg_targets *targets, struct hg_target target);

/* Those that were added since are not found yet. */
void hg_targets_sort(struct hg_targets *targets);

/* Whether an address lies, or one of the `more` that follow it, where targets do. */
static inline bool hg_target_near(const struct hg_targets *targets, uint64_t at, uint64_t more)
{
	return at + more - targets->functions.low <= targets->functions.size + more ||
	       at + more - targets->words.low <= targets->words.size + more;
}

static inline bool hg_target_passes_sieve(const struct hg_targets *targets, uint64_t at)
{
	uint64_t bit = (at ^ at >> 15) % (64 * (uint64_t)HG_SIEVE_WORDS);
	return targets->sieve[bit / 64] >> bit % 64 & 1;
}

/* Null: none. */
const struct hg_target *hg_target_at(const struct hg_targets *targets, uint64_t at);

#endif
