#ifndef HG_GO_GOROUTINE_H
#define HG_GO_GOROUTINE_H

#include "go/go_pc.h"
#include "told/told.h"

/* A goroutine that is in a call of C, and a frame of it. */
struct hg_goroutine {
	const struct hg_go_image *image;
	bool own;           /* the calling thread is in it: its stack stays */
	bool certain;       /* and where the C stack says so is known */
	uint64_t address;   /* of what the runtime keeps of it */
	uint64_t low, high; /* its stack */
	uint64_t pc, sp;    /* where the frame goes on, and its stack pointer there */
	bool fault;         /* a fault has left it at pc: not behind a call, but at the instruction itself */
	uint64_t link;      /* of such a frame, on arm64: what stood in the link register */
	uint64_t seen[128]; /* a part of the stack, copied. no limit: the next one follows */
	uint64_t seen_at;
	size_t seen_words;
};

/* The goroutine that a call's C frames end at, with its frame of runtime.asmcgocall. False: it is not made from Go, or
 * not by a goroutine. */
bool hg_goroutine_of_call(struct hg_goroutine *goroutine, const struct hg_told_at *at);

/* The instruction that the frame is at. */
static inline uint64_t hg_goroutine_at(const struct hg_goroutine *goroutine)
{
	return goroutine->pc - !goroutine->fault;
}

/* Goes on to the frame that this one returns to; `at`: what hg_goroutine_at stands for. False: there is none, or it
 * cannot be told. */
bool hg_goroutine_step(struct hg_goroutine *goroutine, const struct hg_go_pc *at);

#endif
