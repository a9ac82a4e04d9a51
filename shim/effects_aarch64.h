/* What single instructions of 64-bit Arm do to the general registers, as far as the way of a pointer from memory to a
 * call goes. 31 is the stack pointer. */
#ifndef HG_EFFECTS_AARCH64_H
#define HG_EFFECTS_AARCH64_H

#include <stdbool.h>
#include <stdint.h>

enum { HG_STACK_POINTER = 31, HG_NO_REGISTER }; /* no limit: registers */

/* A register becomes an address, or what stands there: the sum of these, as they are before the instruction. */
struct hg_effect {
	bool loads;
	unsigned base, index; /* or HG_NO_REGISTER */
	unsigned extend;      /* how the index is extended to 64 bits, as the instruction says it; then shifted left */
	unsigned shift;
	uint64_t offset;
};

/* BR or BLR (`links`) by a register, also one that checks a signature. */
bool hg_branches_by_register(uint32_t code, bool links, unsigned *reg);

/* B or BL (`links`). */
bool hg_branches(uint32_t code, bool links, uint64_t at, uint64_t *target);

/* Whether what follows is reached by other ways only: B, BR, RET. */
bool hg_goes_elsewhere(uint32_t code);

/* The general registers that it may change, bit by bit; a call changes those that callees need not keep. Too many where
 * it is not sure. */
uint32_t hg_registers_changed(uint32_t code);

/* How it makes what is in the register after it. False: it is none of the ways that are known. */
bool hg_effect_on(uint32_t code, uint64_t at, unsigned reg, struct hg_effect *effect);

/* The index as it is added. */
uint64_t hg_extended(const struct hg_effect *effect, uint64_t index);

#endif
