/* The key of a place in Go's code: cheap to find at every create and free of a known place in C. */
#ifndef HG_GO_KEY_H
#define HG_GO_KEY_H

#include <stdint.h>

/* The innermost frames of a goroutine that is so deep and goes on at `pc`, as one number. 0: it cannot be had, the
 * goroutine has to be walked once more. Touches no vector register. */
uint64_t hg_go_key(const uint64_t *goroutine, uint64_t depth, uint64_t pc);

/* What hg_go_key needs to know: how large the frame is that goes on at `pc`, in words; HG_GO_LAST: it is the last. */
void hg_go_key_note(uint64_t pc, uint64_t words);

/* In which word of a goroutine it stands where it was created. */
void hg_go_key_note_creator(uint64_t word);

/* The word that was noted; 0: none, or not the same one for all. */
uint64_t hg_go_key_creator(void);

#define HG_GO_LAST UINT64_C(0xffff)

#endif
