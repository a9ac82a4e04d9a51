/* Which trampoline a slot's stub jumps to: the fastest that can serve it. Preload objects come with the general one. */
#ifndef HG_ENTRIES_H
#define HG_ENTRIES_H

#include <stdint.h>

#include "call/call.h"

/* The trampoline that every slot starts with, and the fast ones: by the register that holds the handle, whether the
 * handle is narrower than the register, whether there are stack arguments to hand on, and whether ops pay for a full
 * fence. */
extern const char hg_trampoline[], hg_fast_trampolines[];
/* [narrow][fence][stack][register], from hg_fast_trampolines */
extern const int32_t hg_fast_table[2][2][2][HG_REGISTER_ARGUMENTS];

/* From now on a slot's entry is chosen whenever the slot changes. To be called while the process starts. */
void hg_entries_start(void);

#endif
