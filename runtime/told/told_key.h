/* Keys of places in the user's code: cheap to find at every create and free of a known place in C. */
#ifndef HG_TOLD_KEY_H
#define HG_TOLD_KEY_H

#include "thread/thread.h"

/* The key of the innermost frames of the calling thread, whose C frames are those of the known stack; above that call's
 * return address stands `above`. 0: it cannot be had, or there is none. Touches no vector register. */
uint64_t hg_told_key(const struct hg_known_stack *known, const uint64_t *above);

/* go_key.c: the same of a goroutine that is so deep, and goes on at `pc`. */
uint64_t hg_go_key(const uint64_t *goroutine, uint64_t depth, uint64_t pc);

/* What hg_go_key needs to know: how large the frame is that goes on at `pc`, in words; HG_GO_LAST: it is the last. */
void hg_go_key_note(uint64_t pc, uint64_t words);

#define HG_GO_LAST UINT64_C(0xffff)

#endif
