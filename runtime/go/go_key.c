/* The return addresses of the goroutine's innermost frames, made one number. The sizes of the frames were found when
 * the stack was walked as a whole: a frame that is not known yet makes no key, and the stack is walked once more. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/mix.h"
#include "format/user_place.h"
#include "go/go_key.h"

/* The first two are cgo's. no limit: user_place.h */
enum { KEYED = HG_USER_PLACE_KEYED + 2, SIZES = 1 << 12 };

/* pc << 16 | words. Places of pcs, the latest one. */
static _Atomic uint64_t sizes[SIZES];

static _Atomic uint64_t *size_at(uint64_t pc)
{
	return &sizes[hg_mix(pc, 0) >> 52];
}

/* Plus one; 0: not known; NOWHERE: releases that differ in it are in this process. */
static _Atomic uint64_t creator_at;
static const uint64_t NOWHERE = UINT64_MAX;

void hg_go_key_note_creator(uint64_t word)
{
	uint64_t known = 0;
	if (!atomic_compare_exchange_strong(&creator_at, &known, word + 1) && known != word + 1)
		atomic_store(&creator_at, NOWHERE);
}

uint64_t hg_go_key_creator(void)
{
	uint64_t at = atomic_load_explicit(&creator_at, memory_order_relaxed);
	return at && at != NOWHERE ? at - 1 : 0;
}

static uint64_t creator_of(const uint64_t *goroutine)
{
	uint64_t word = hg_go_key_creator();
	return word ? goroutine[word] : 0;
}

void hg_go_key_note(uint64_t pc, uint64_t words)
{
	if (words <= HG_GO_LAST)
		atomic_store_explicit(size_at(pc), pc << 16 | words, memory_order_relaxed);
}

static bool find_size(uint64_t pc, uint64_t *words)
{
	uint64_t known = atomic_load_explicit(size_at(pc), memory_order_relaxed);
	*words = known & HG_GO_LAST;
	return known >> 16 == pc;
}

/* On amd64 the return address stands above the frame, on arm64 at its lower end. */
static bool next(const uint64_t **sp, const uint64_t *end, uint64_t words, uint64_t *pc)
{
	if (words + 1 > (uint64_t)(end - *sp))
		return false;
#if defined(__x86_64__)
	*pc = (*sp)[words];
	*sp += words + 1;
#else
	*pc = **sp;
	*sp += words;
#endif
	return true;
}

/* A goroutine begins with the bounds of its stack. */
uint64_t hg_go_key(const uint64_t *goroutine, uint64_t depth, uint64_t pc)
{
	uint64_t key, words;
	if (!goroutine || depth > goroutine[1] - goroutine[0])
		return 0;
	key = creator_of(goroutine);
	const uint64_t *end = (const uint64_t *)goroutine[1], *sp = (const uint64_t *)(goroutine[1] - depth);
	for (int i = 0; i < KEYED; i++) {
		if (!find_size(pc, &words))
			return 0;
		if (words == HG_GO_LAST)
			break;
		if (!next(&sp, end, words, &pc))
			return 0;
		key = hg_mix(key, pc);
	}
	return key;
}
