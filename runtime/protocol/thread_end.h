/* The ends of threads: what they leave in flight is in flight no more, and their contexts are free for others. */
#ifndef HG_THREAD_END_H
#define HG_THREAD_END_H

#include "thread/thread.h"

/* Clears the frames of threads that are gone without leaving, and frees their contexts. True if there were any. */
bool hg_threads_reap(void);

/* Sees to it that the calling thread gives its context up when it ends. May call libc. */
void hg_thread_watch_end(struct hg_context *context);

/* Told of each call that a thread has left in flight when it ended. Null: nobody is. */
typedef void hg_abandoned(enum hg_kind kind, const struct hg_context *owner, const struct hg_frame *frame, bool walk);
extern hg_abandoned *hg_thread_on_abandoned;

#endif
