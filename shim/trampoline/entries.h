/* Which trampoline a slot's stub jumps to: the fastest that can serve it. Preload objects come with the general one. */
#ifndef HG_ENTRIES_H
#define HG_ENTRIES_H

#include <stdint.h>

#include "entry/call.h"

/* The trampoline that every slot starts with, the one in its place where calls are provoked, and the fast ones: by the
 * register that holds the handle, whether the handle is narrower than the register, how many bytes of stack arguments
 * there are to hand on, and what orders ops. */
extern const char hg_trampoline[], hg_provoking_trampoline[], hg_fast_trampolines[];
/* Of stack arguments; WORDS: HG_FAST_WORDS_BYTES of them, which is what is handed on where a manifest does not know. */
enum hg_fast_stack { HG_FAST_NONE, HG_FAST_WORDS, HG_FAST_OTHER, HG_FAST_STACKS };
enum { HG_FAST_WORDS_BYTES = 64 }; /* no limit: another number has a trampoline of its own */
/* What orders an op; ALONE: it must not overlap with others, and there is membarrier. */
enum hg_fast_order { HG_FAST_LIGHT, HG_FAST_FENCED, HG_FAST_ALONE, HG_FAST_ORDERS };
/* [narrow][enum hg_fast_order][enum hg_fast_stack][register], from hg_fast_trampolines */
extern const int32_t hg_fast_table[2][HG_FAST_ORDERS][HG_FAST_STACKS][HG_REGISTER_ARGUMENTS];

/* From now on a slot's entry is chosen whenever the slot changes. To be called while the process starts. */
void hg_entries_start(void);

#endif
