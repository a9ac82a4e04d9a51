/* What instructions of 64-bit Arm do, beyond what effects.h asks for. 31 is the stack pointer. */
#ifndef HG_EFFECTS_AARCH64_H
#define HG_EFFECTS_AARCH64_H

#include "code/effects.h"

/* BR or BLR (`links`) by a register, also one that checks a signature. */
bool hg_branches_by_register(uint32_t code, bool links, unsigned *reg);

/* B or BL (`links`). */
bool hg_branches(uint32_t code, bool links, uint64_t at, uint64_t *target);

/* Where any branch leads that names its target; 0: it is none. */
uint64_t hg_branch_target(uint32_t code, uint64_t at);

#endif
