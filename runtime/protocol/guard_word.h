/* The state of a guard in one 64-bit word: generation, marks, children, frameless ops, phase and flags. Pure.
 *
 *   63        32 31   26 25      22 21       8 7      0
 *   generation   marks   children   frameless  phase and flags
 *
 * "Still the same life, and alive" is one comparison of the whole word with the one a thread remembers. */
#ifndef HG_GUARD_WORD_H
#define HG_GUARD_WORD_H

#include <stdbool.h>
#include <stdint.h>

enum hg_word_bit {
	HG_WORD_LIVE = 1,      /* ops may enter */
	HG_WORD_FREEING = 2,   /* a free has won and drains; leavers must wake it */
	HG_WORD_FREED = 4,     /* drained: the real free is being called, or has been */
	HG_WORD_LEAKED = 8,    /* did not drain by the deadline: the real free is never called */
	HG_WORD_PHASE = 15,    /* none of the four: not born yet */
	HG_WORD_SHARED = 16,   /* a thread other than its creator has touched it */
	HG_WORD_DEFERRED = 32, /* with FREEING: the last op to leave runs the real free; with LIVE: a call is in that
	                          ends the handle when it returns */
	HG_WORD_WATCHED = 64,  /* a free of an ancestor may wait for ops on this one: leavers must wake it */
	HG_WORD_ORPHAN = 128,  /* a free of an ancestor has begun: ops and frees must look who it was */
	HG_WORD_TELL = HG_WORD_FREEING | HG_WORD_WATCHED /* the trampoline tests these two when it leaves */
};

#define HG_WORD_FRAMELESS_ONE UINT64_C(0x100) /* one op that is counted here, for want of a frame */
#define HG_WORD_FRAMELESS     UINT64_C(0x3fff00)
#define HG_WORD_CHILD         UINT64_C(0x400000)
#define HG_WORD_CHILDREN                                                                                               \
	UINT64_C(0x3c00000)   /* enum hg_children of the free that has begun; a live orphan's ancestor's */
#define HG_WORD_GENERATION 32 /* no limit: a place in the word */

static inline uint64_t hg_word(uint32_t generation, unsigned bits)
{
	return (uint64_t)generation << HG_WORD_GENERATION | bits;
}

static inline uint32_t hg_word_generation(uint64_t word)
{
	return (uint32_t)(word >> HG_WORD_GENERATION);
}

static inline unsigned hg_word_phase(uint64_t word)
{
	return (unsigned)(word & HG_WORD_PHASE);
}

/* Whether a free has won: it drains, or has done what it will do. */
static inline bool hg_word_is_over(uint64_t word)
{
	return word & (HG_WORD_FREEING | HG_WORD_FREED | HG_WORD_LEAKED);
}

static inline unsigned hg_word_frameless(uint64_t word)
{
	return (unsigned)((word & HG_WORD_FRAMELESS) / HG_WORD_FRAMELESS_ONE);
}
#define HG_WORD_MARK  UINT64_C(0x4000000)
#define HG_WORD_MARKS UINT64_C(0xfc000000) /* how often ORPHAN was set, or a free failed, modulo 64 */

static inline uint64_t hg_word_with_mark(uint64_t word)
{
	return (word & ~HG_WORD_MARKS) | ((word + HG_WORD_MARK) & HG_WORD_MARKS);
}

/* Which life it is, and which of its frees where some have failed: each of these leaves a mark (so 64 of them would
 * have to fail while another thread looks, for one to be taken for another). */
static inline uint64_t hg_word_attempt(uint64_t word)
{
	return word & ~(HG_WORD_MARK - 1);
}

/* What the free that has begun means for children. */
static inline unsigned hg_word_children(uint64_t word)
{
	return (unsigned)((word & HG_WORD_CHILDREN) / HG_WORD_CHILD);
}

static inline uint64_t hg_word_with_children(uint64_t word, unsigned children)
{
	return (word & ~HG_WORD_CHILDREN) | children * HG_WORD_CHILD;
}

/* The word with ORPHAN set: another one even where it was set before, so that who takes a mark back takes no newer. */
static inline uint64_t hg_word_marked(uint64_t word, unsigned children)
{
	return hg_word_with_children(hg_word_with_mark(word) | HG_WORD_ORPHAN, children);
}

static inline uint64_t hg_word_unmarked(uint64_t word)
{
	return hg_word_with_children(word & ~(uint64_t)HG_WORD_ORPHAN, 0);
}

/* The word with another phase: all else stays, save that DEFERRED goes unless asked for. */
static inline uint64_t hg_word_to(uint64_t word, unsigned phase_and_deferred)
{
	return (word & ~(uint64_t)(HG_WORD_PHASE | HG_WORD_DEFERRED)) | phase_and_deferred;
}

/* One more frameless op; a full count stays, and so does what it keeps from being freed. */
static inline uint64_t hg_word_one_more(uint64_t word)
{
	return (word & HG_WORD_FRAMELESS) == HG_WORD_FRAMELESS ? word : word + HG_WORD_FRAMELESS_ONE;
}

static inline uint64_t hg_word_one_less(uint64_t word)
{
	return (word & HG_WORD_FRAMELESS) == HG_WORD_FRAMELESS ? word : word - HG_WORD_FRAMELESS_ONE;
}

/* The word of the next life: private to its creator. Frameless ops of the last one will count themselves off. */
static inline uint64_t hg_word_reborn(uint64_t word)
{
	return hg_word(hg_word_generation(word) + 1, HG_WORD_LIVE) | (word & HG_WORD_FRAMELESS);
}

static inline bool hg_word_private(uint64_t word)
{
	return !(word & HG_WORD_SHARED);
}

#endif
