/* What a pc of Go's stands for. */
#ifndef HG_GO_PC_H
#define HG_GO_PC_H

#include "go/go_image.h"
#include "told/told.h"

enum { HG_GO_PC_FRAMES = 10 }; /* no limit: of longer chains of inlined calls the outer ones are left out */

enum hg_go_mark {
	HG_GO_BETWEEN = 1,     /* cgo or the compiler has put it between users' functions, or between these and C */
	HG_GO_STUB = 2,        /* it is cgo's, and calls C */
	HG_GO_CLOSURE = 4,     /* it was written within another function, or cgo has made it there */
	HG_GO_END = 8,         /* no goroutine goes further out */
	HG_GO_CALLED_BACK = 16 /* the next frame in was called from C */
};

/* The functions that it is in: innermost first. */
struct hg_go_pc {
	const struct hg_go_image *image;
	uint64_t entry;    /* where the outermost one begins, which has the frame; 0: it is in none */
	int32_t size;      /* of that frame there, without what a call pushes; < 0: not known */
	bool is_for_fault; /* it is runtime.sigpanic, which no instruction has called */
	unsigned count;
	unsigned marks[HG_GO_PC_FRAMES]; /* enum hg_go_mark */
	struct hg_told_frame frames[HG_GO_PC_FRAMES];
};

/* Of a pc that is that of an instruction. What was not known yet is put together in `room`. */
const struct hg_go_pc *hg_go_pc(const struct hg_go_image *image, uint64_t pc, struct hg_go_pc *room);

#endif
