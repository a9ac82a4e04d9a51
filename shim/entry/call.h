/* One call of a guarded function on its way through the slow path: made by the trampoline, completed by enter_leave.c,
 * which puts its steps in order. Each of these has a file of its own. None touches a vector register, calls libc or
 * takes a lock; what must (findings, stacks, binding) runs inside hg_preserving. */
#ifndef HG_CALL_H
#define HG_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/image.h"

struct hg_context;
struct hg_frame;
struct hg_guard;

#if defined(__x86_64__)
enum { HG_REGISTER_ARGUMENTS = 6 }; /* no limit: further ones are on the stack */
#else
enum { HG_REGISTER_ARGUMENTS = 8 }; /* no limit: further ones are on the stack */
#endif
enum { HG_REGISTER_OTHERS = 3 }; /* no limit: as many as are needed */
enum { HG_CALL_USES = 32 };      /* limit: HANDLES_CUT */

/* What the trampoline does after hg_call_enter. */
enum hg_action {
	HG_CALL,    /* call the real function, then hg_call_leave */
	HG_PASS,    /* jump to the real function: this call is none of our business */
	HG_REJECTED /* return `result` */
};

#define HG_ENTERED_AS_ANCESTOR ((struct hg_frame *)1)

struct hg_entered {
	struct hg_guard *guard;
	struct hg_frame *frame; /* null: a frameless op; HG_ENTERED_AS_ANCESTOR: of one on a descendant */
};

struct hg_call {
	/* The trampoline knows these offsets. */
	uint64_t registers[HG_REGISTER_ARGUMENTS]; /* integer arguments in registers */
	/* What else carries something in. x86-64: al, the number of vector registers of a variadic call, and r10, a
	 * static chain; aarch64: x8, the address where a large result goes, and x18, a static chain. And on x86-64 r15,
	 * which the trampoline's frame does not save: it tells of the caller only (called_word.h). On aarch64 that
	 * place is free, and keeps the size a multiple of 16. */
	uint64_t others[HG_REGISTER_OTHERS];
	struct hg_slot *slot; /* until hg_call_enter: with HG_CALLED_INSIDE, if it came by that entry */
	uint64_t fp;          /* the trampoline's frame: caller's frame pointer, return address, stack arguments */
	uint64_t result[2];   /* what the real function returned in general registers */
	void *real;
	/* From here on only C code. */
	struct hg_context *context;
	bool internal; /* made by the library itself */
	bool deferred; /* a free that is left to the last op: it has not failed */
	bool clearing; /* it may have ended what was made from a handle that lives on: its result says so */
	bool ties;     /* it attaches or detaches handles, once it has returned */
	bool runs;     /* a free whose real function is called although another one has ended the handle */
	bool plain;    /* it went the short way in (shim/call/plain.h) */
	uint16_t entered_count;
	struct hg_entered entered[HG_CALL_USES];
	struct hg_guard *freeing; /* the real free of which is about to be called */
	struct hg_frame *free_frame, *create_frame;
	uint32_t free_generation;
	uint32_t free_children; /* enum hg_children */
	uint64_t epoch; /* of the process that made the call: a fork in between makes the frames another process's */
	struct hg_guard *ending; /* ends when the real function returns (HG_USE_ENDS_LATER) */
	uint64_t begun;          /* of a create: ticks at its entry */
	uint64_t stored_before;  /* and what stood where it stores the handle, if it does */
};

enum { HG_CALL_SAVED = 8 * (HG_REGISTER_ARGUMENTS + HG_REGISTER_OTHERS) }; /* no limit: a place in the struct */

static_assert(offsetof(struct hg_call, slot) == HG_CALL_SAVED, "the trampoline knows it");
static_assert(offsetof(struct hg_call, fp) == HG_CALL_SAVED + 8, "the trampoline knows it");
static_assert(offsetof(struct hg_call, result) == HG_CALL_SAVED + 16, "the trampoline knows it");
static_assert(offsetof(struct hg_call, real) == HG_CALL_SAVED + 32, "the trampoline knows it");
static_assert(sizeof(struct hg_call) == HG_CALL_SAVED + 632, "the trampoline knows it; multiple of 16");

/* Decides about a call before it is made, and settles it after. Both touch general registers only. */
enum hg_action hg_call_enter(struct hg_call *call);
void hg_call_leave(struct hg_call *call);

/* Finds the real function that this call means; the slot becomes the one that is bound to it. False: there is none. It
 * must not have come by the entry for the library's own calls. */
bool hg_call_bind(struct hg_call *call);

/* From the fast path: leaves an op whose frame is not the topmost of this thread, or whose guard is being freed. */
void hg_fast_leave(struct hg_frame *frame, struct hg_guard *guard);

/* The same of an op that must be alone. Null: its frame is cleared already. */
void hg_fast_leave_alone(struct hg_frame *frame, struct hg_guard *guard);

#endif
