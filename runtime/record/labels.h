/* What threads say that they are doing, in the order in which they say it: whoever reads the recording finds what a
 * thread said last before a call. So a call costs nothing more for it. */
#ifndef HG_LABELS_H
#define HG_LABELS_H

/* From now on the calling thread is doing this; null or empty: nothing that it names. A started process is needed. */
void hg_label_set(const char *text);

/* In a forked child that has a recording of its own: its one thread, which has another number here, is still doing what
 * it said. */
void hg_label_forked(void);

#endif
