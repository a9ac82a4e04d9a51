/* What single instructions do to the general registers, as far as the way of a pointer from memory to a call goes. One
 * file a processor. None reads a byte of the code from `high` on. */
#ifndef HG_EFFECTS_H
#define HG_EFFECTS_H

#include <stdbool.h>
#include <stdint.h>

enum { HG_NO_REGISTER = 32 }; /* no limit: registers have lower numbers */

#if defined(__x86_64__)
enum { HG_STACK_POINTER = 4, HG_PUSHED_BY_CALLS = 8 }; /* no limit: a register, the bytes of a return address */
#else
enum { HG_STACK_POINTER = 31, HG_PUSHED_BY_CALLS = 0 }; /* no limit: the same */
#endif

/* The registers that a function gives back as it found them, bit by bit. */
extern const uint32_t hg_kept_registers;

enum hg_way {
	HG_WAY_ON,     /* to what follows */
	HG_WAY_PASS,   /* the same, and it does nothing */
	HG_WAY_BRANCH, /* there, or to the target */
	HG_WAY_JUMP,
	HG_WAY_CALL,
	HG_WAY_END /* to none of both: a return, a trap */
};

struct hg_instruction {
	unsigned length;  /* 0: it is none that is known */
	uint32_t changes; /* the general registers that it may change, bit by bit; too many where it is not sure. A call
	                   * changes those that callees need not keep */
	enum hg_way way;
	uint64_t target; /* of a branch, a jump or a call that names it; else 0 */
};

void hg_read_instruction(uint64_t at, uint64_t high, struct hg_instruction *instruction);

/* The low bits of a register as they are taken. */
enum hg_extend {
	HG_UNSIGNED_8,
	HG_UNSIGNED_16,
	HG_UNSIGNED_32,
	HG_WHOLE,
	HG_SIGNED_8,
	HG_SIGNED_16,
	HG_SIGNED_32,
	HG_SIGNED_64
};

/* A register becomes an address, or what stands there: the sum of these, as they are before the instruction. */
struct hg_effect {
	bool loads;
	unsigned base, index;  /* or HG_NO_REGISTER */
	enum hg_extend extend; /* of the index, which is then shifted left */
	unsigned shift;
	uint64_t offset;
};

static inline struct hg_effect hg_sum(unsigned base, uint64_t offset)
{
	return (struct hg_effect){.base = base, .index = HG_NO_REGISTER, .offset = offset};
}

static inline struct hg_effect hg_load(unsigned base, uint64_t offset)
{
	return (struct hg_effect){.loads = true, .base = base, .index = HG_NO_REGISTER, .offset = offset};
}

/* How it makes what is in the register after it. False: it is none of the ways that are known. */
bool hg_effect_on(uint64_t at, uint64_t high, unsigned reg, struct hg_effect *effect);

/* What a jump or a call that names no target goes by: a register's content, or a word. False: it is none that is known.
 */
bool hg_goes_by(uint64_t at, uint64_t high, struct hg_effect *effect);

/* The index as it is added. */
static inline uint64_t hg_extended(const struct hg_effect *effect, uint64_t index)
{
	unsigned spare = 64 - (8U << (effect->extend & 3));
	uint64_t high = index << spare;
	uint64_t whole = effect->extend & 4 ? (uint64_t)((int64_t)high >> spare) : high >> spare;
	return whole << effect->shift;
}

#endif
