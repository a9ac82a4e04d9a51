/* Capturing stacks: raw program counters only; names come later, in the tool. */
#ifndef HG_STACK_H
#define HG_STACK_H

#include "stack/depot.h"
#include "thread/thread.h"
#include "walkers/walkers.h"

/* The stack pointer that the caller of a function has, in a function of its own frame. clang has no word for it on
 * aarch64, where it is not at a fixed distance from the frame record: there the stack of an op in flight may end early.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define HG_OWN_CFA __builtin_dwarf_cfa()
#else
#define HG_OWN_CFA ((const uint64_t *)__builtin_frame_address(0) + 2) /* no limit: a place */
#endif

/* The number, in the depot, of the calling thread's stack as of the guarded call whose trampoline (or embedded guard)
 * has this frame. A call site that the thread has seen at this depth before costs a look-up; otherwise registers are
 * saved and the stack is unwound. With stacks off it is the call site alone. */
uint32_t hg_stack_here(struct hg_context *context, const struct hg_frame *frame);

/* Loads the unwinder, if that has not been tried. Later it happens at the first stack. May call libc. */
void hg_stack_load(void);

/* In a forked child, before its first stack: where a thread of the parent was unwinding at the fork, libunwind's locks
 * stay taken, and stacks are taken by frame pointers alone. */
void hg_stack_forked(void);

/* The calling thread's stack, of a call that it makes. */
struct hg_captured {
	uint32_t stack;     /* in the depot */
	bool settled;       /* false: a later try may see more */
	uint32_t languages; /* as of struct hg_told */
	struct hg_told_spot spot;
};

/* Unwinds it, finds the user's frames, and keeps both in the depot. May call libc. */
void hg_stack_capture(const struct hg_context *context, const struct hg_frame *frame, struct hg_captured *captured);

/* The user's frames of a call in flight of a thread, which is the calling one, or the op cannot return meanwhile. May
 * call libc. `further_in`: the thread may be in calls that are further in, as callbacks make. */
void hg_stack_told(const struct hg_context *owner, const struct hg_frame *frame, bool further_in, struct hg_told *told);

/* How many of the C frames of the same call lead to the user's. Beyond these, of Java, stands code that the VM has
 * made: it is another one each time, and how it goes on nobody but the VM knows. Touches no vector register. */
unsigned hg_stack_below_told(const struct hg_told *told, const uint64_t *pc, unsigned depth);

/* Walks the stack of an op in flight on any thread, from its frame, without stopping that thread. The op must not be
 * able to return meanwhile (see "inspection" in guard.c). Returns the depth; *cut if there is more. May call libc. */
unsigned hg_stack_of_frame(const struct hg_frame *frame, uint64_t *pc, unsigned most, bool *cut);

/* Called for each frame of a stack, from the guarded call's caller outwards, with the stack pointer there and where it
 * goes on; `interrupted`: by a signal handler that was called from further in. False ends the climb. */
typedef bool hg_stack_step(uint64_t sp, uint64_t pc, bool interrupted, void *argument);

enum hg_climb {
	HG_CLIMB_STOPPED, /* by the visitor */
	HG_CLIMB_END,     /* at the stack's end */
	HG_CLIMB_LOST     /* nobody knows how it goes on, or the unwinder cannot be had right now */
};

/* Addresses from `low` to below `high`. */
struct hg_span {
	uint64_t low, high;
};

/* Whether a value stands in a register or on the stack of a function that has its code in one span, among those that
 * the calling thread is in whose stack pointers lie in the other. As far as the way can be found: *lost is set where
 * not. May call libc. */
bool hg_stack_has_value(uint64_t value, struct hg_span code, struct hg_span stack, bool *lost);

/* Climbs the stack of a call in flight. May call libc. */
enum hg_climb hg_stack_climb(const struct hg_frame *frame, hg_stack_step *step, void *argument);

#endif
