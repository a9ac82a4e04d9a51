/* The frames of the languages above C: what users wrote that led to a guarded call. A language has a walker in a room
 * of its own, which reads its interpreter's or runtime's own structures; walkers/ has the table of them. Frames lie in
 * the recording, each once (told_frame.c), and are named there by numbers. */
#ifndef HG_TOLD_H
#define HG_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record.h"

/* By what the key of the place is found again (walkers/told_key.h). Of Go: where on the C stack the goroutine and its
 * depth stand, and where it goes on; of Java: how many of the innermost methods make the key. */
struct hg_told_spot {
	uint64_t goroutine, depth, goroutine_pc;
	unsigned methods;
};

/* A guarded call whose user's frames are looked for. Another thread's cannot return meanwhile (see "inspection" in
 * guard.c), so that everything it stands on stays. */
struct hg_told_at {
	const struct hg_frame *frame; /* the call */
	uint64_t thread;              /* pthread_self() of the thread that is in it */
	uint32_t tid;                 /* of that thread */
	bool own;                     /* it is the calling thread */
	bool interrupted;             /* by a signal handler that was called from further in */
	uint64_t below;               /* what lies lower on its C stack is further in than the call; 0: nothing is */
	/* The call's C frames, from its caller outwards: where each goes on, and the stack pointer there. */
	unsigned depth;
	const uint64_t *pc, *sp;
	struct hg_told_spot *spot; /* what walkers note for the place's key; never null */
};

/* A function that one of them is in. */
struct hg_told_frame {
	uint32_t function, file; /* from hg_told_text; 0: not known */
	uint32_t line;           /* 0: not known */
	bool inlined;            /* into the next frame */
	uint32_t entry;          /* HG_TOLD_FINALIZER and the like, or-ed: how the interpreter came to call it */
};

/* A language's walker: stores up to `room` frames, innermost first, and returns how many. Runs with all registers
 * saved, on a stack of the runtime's own. Takes no lock, waits for nothing; what it reads of the program's memory it
 * bounds, and checks by hg_told_read unless it is known to stay. */
typedef size_t hg_told_walker(const struct hg_told_at *at, struct hg_told_frame *frames, size_t room);
hg_told_walker hg_go_frames;
hg_told_walker hg_java_frames;
hg_told_walker hg_python_frames;

/* The text of the recording that is the same; 0: it is empty, or there is no room, which is counted. Longer ones are
 * cut. */
uint32_t hg_told_text(const char *text, size_t length);

/* A copy of the process's own memory, as far as it can be read; how many bytes. For memory that may be gone. */
size_t hg_told_read(uint64_t from, void *to, size_t size);

#endif
