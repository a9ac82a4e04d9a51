/* The calls in flight of each thread, one frame a call and handle. Frames lie in the recording, so that they survive
 * the process; those for which it has no room lie in memory of the thread's own. */
#ifndef HG_FRAMES_H
#define HG_FRAMES_H

#include "thread/thread.h"

/* Pushes a frame on the thread's own stack of frames; null if memory is refused, or for more than HG_FRAMES_MORE at
 * once. Safe against signal handlers that do the same. */
enum { HG_FRAMES_MORE = 1 << 17 }; /* limit: FRAMES_REFUSED */
struct hg_frame *hg_frame_push(struct hg_context *context, const struct hg_frame *frame);

/* A context's frames, empty ones and holes among them, from the newest to the oldest as far as calls leave in order:
 * the one before this one; of null the newest. Null: there are no more. */
static inline struct hg_frame *hg_frame_before(const struct hg_context *context, const struct hg_frame *frame)
{
	struct hg_frame *more = atomic_load(&context->more_base), *base = context->base;
	if (!frame && more)
		frame = atomic_load(&context->more_top);
	if (frame && frame == more)
		frame = NULL;
	if (!frame)
		frame = atomic_load(&context->top);
	return frame == base ? NULL : (struct hg_frame *)frame - 1;
}

/* Whether there is a call in the frame. (Loaded with acquire: what else stands in it stands then.) */
static inline bool hg_frame_used(const struct hg_frame *frame)
{
	uint64_t held = __atomic_load_n(&frame->guard, __ATOMIC_ACQUIRE);
	return held && held != HG_FRAME_HOLE;
}

/* Whether it is that of a free which the last op makes: no trampoline's, and called from the shim. */
static inline bool hg_frame_is_deferred(const struct hg_frame *frame)
{
	return frame->fp & 1 && frame->guard & HG_FRAME_FREE;
}

/* The guard that a frame's `guard` names, whatever the call does with it; null: none. */
static inline struct hg_guard *hg_frame_guard(uint64_t held)
{
	return held == HG_FRAME_HOLE ? NULL : (struct hg_guard *)(held & ~HG_FRAME_BITS);
}

/* A copy of any thread's frame: all of one op if its guard is the same afterwards. */
struct hg_frame hg_frame_load(const struct hg_frame *frame);

/* Clears a frame of any thread and, where it was the thread's topmost, all empty frames below it. */
void hg_frame_clear(struct hg_frame *frame);

/* Says of a free's frame of this thread that its real free is about to be called, and ends this generation. */
void hg_frame_runs(struct hg_context *context, struct hg_frame *frame, uint32_t generation);

void hg_frame_stops(struct hg_frame *frame);

/* Inside that real free the program takes a claim on the handle (1), or gives one back (-1). False: it has none. */
bool hg_frame_claims(struct hg_context *context, const struct hg_frame *frame, int step);

/* Whether a real free runs in this thread's frame, and is that of this generation. */
bool hg_frame_is_running(const struct hg_context *context, const struct hg_frame *frame, uint32_t generation);

/* Whether the frame belongs to a thread of this process, and not to the parent that it was forked from. */
bool hg_frame_is_ours(const struct hg_frame *frame);

/* Calls `visit` for every non-empty frame of every thread until it returns false. */
void hg_frames_each(bool (*visit)(struct hg_context *owner, struct hg_frame *frame, void *argument), void *argument);

#endif
