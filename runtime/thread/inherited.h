/* Calls that a forked child has inherited: its one thread may have been inside some, and returns into them. Of a fork
 * through fork(); others run no handlers, and what their children return into is not theirs to leave. */
#ifndef HG_INHERITED_H
#define HG_INHERITED_H

#include "thread/frames.h"

/* To be called while the process starts. */
void hg_inherited_start(void);

/* A child's thread has its context: its calls in flight are put into it. */
void hg_inherited_adopt(struct hg_context *context);

/* The frame that stands for one of the parent's in this process, which is about to be left; null: there is none. */
struct hg_frame *hg_inherited_leave(const struct hg_frame *parents);

/* A frame of this thread is given up by other means than a return. If it stands for one of the parent's, it does not
 * any more: the next call in its place is another one, of this process. */
void hg_inherited_forget(const struct hg_frame *ours);

/* Whether the calling thread was inside a free of this guard when it forked. */
bool hg_inherited_frees(const struct hg_guard *guard);

/* Whether the calling thread has taken over what it inherited. */
bool hg_inherited_adopted(void);

#endif
