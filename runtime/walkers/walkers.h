/* All languages' walkers (see "told/told.h") as one. */
#ifndef HG_WALKERS_H
#define HG_WALKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "told/told.h"

/* Whether a walker here needs the call's C frames. Looks at objects that were loaded since. May call libc. */
bool hg_told_wants_c_frames(void);

/* Whether a call of C's that returns there was made by another language: C's frames end with it, and no walker needs
 * what lies further out. */
bool hg_told_ends_c(uint64_t return_address);

/* False: a later look may find more. */
bool hg_told_settled(void);

/* Something is being unloaded. */
void hg_told_doubt(void);

/* What was found. */
struct hg_told {
	uint32_t frames[HG_TOLD_MAX]; /* their numbers in the recording, innermost first */
	unsigned count;
	bool cut;           /* there are more */
	uint32_t languages; /* of the frames, a bit each by enum hg_language */
	struct hg_told_spot spot;
};

/* The frames of all walkers. */
void hg_told_find(struct hg_told_at *at, struct hg_told *told);

#endif
