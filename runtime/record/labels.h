/* What threads say that they are doing, in the order in which they say it: whoever reads the recording finds what a
 * thread said last before a call. So a call costs nothing more for it. A thread that was created by one that had said
 * something goes on with that, as of when it was said; it says so with its first guarded call. */
#ifndef HG_LABELS_H
#define HG_LABELS_H

#include <stdint.h>

struct hg_label {
	uint64_t ticks; /* when it was said */
	uint32_t text;  /* in the recording; 0: nothing */
};

/* From now on the calling thread is doing this; null or empty: nothing that it names. A started process is needed. */
void hg_label_set(const char *text);

/* What the calling thread is doing, for those that it creates. */
struct hg_label hg_label_own(void);

/* Where a thread begins: what its creator was doing. Called before any guarded call of it. */
void hg_label_inherit(struct hg_label label);

/* The calling thread is about to make its first guarded call. */
void hg_label_first_call(void);

/* In a forked child that has a recording of its own: its one thread, which has another number here, is still doing what
 * it said. */
void hg_label_forked(void);

#endif
