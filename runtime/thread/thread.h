/* What each thread has: its op frames (frames.h), its cache of handles, its counters.
 *
 * A context is private memory that a fork wipes: a forked child finds zeros, which send every fast path to the slow
 * one, where the child is adopted. Frames and counters lie in the recording, so that they survive the process. */
#ifndef HG_THREAD_H
#define HG_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "format/record.h"
#include "thread/event.h"

struct hg_guard;
struct hg_class;

/* A cache (cache.h) grows as it is used: from so many entries, in steps, to all of them; so many have room in the
 * context. no limit: what is not in a cache is looked up */
enum { HG_CACHE_FIRST_BITS = 7, HG_CACHE_STEP_BITS = 2, HG_CACHE_INSIDE_BITS = 15, HG_CACHE_BITS = 21 };
/* no limit: likewise */
enum {
	HG_CACHE_FIRST = 1 << HG_CACHE_FIRST_BITS,
	HG_CACHE_INSIDE = 1 << HG_CACHE_INSIDE_BITS,
	HG_CACHE_SIZE = 1 << HG_CACHE_BITS
};
/* no limit: nor is this one more than a cache */
enum { HG_STACK_CACHE_BITS = 6, HG_STACK_CACHE_SIZE = 1 << HG_STACK_CACHE_BITS };

/* A handle that the thread has met, and the guard's word as it was then. Zero: empty. */
struct hg_cache_entry {
	uint64_t value;
	const struct hg_class *class;
	struct hg_guard *guard;
	uint64_t word;
};

enum { HG_KNOWN_CALLERS = 8 }; /* no limit: those further out are not compared (known_stack.c) */

/* A stack that the thread has captured: same call site, same depth, same nearest callers: taken to be the same stack.
 * Where callers are not found on the stack, the caller's frame must be the same: else that may be any number, as of a
 * function whose frame pointer is a general register. */
struct hg_known_stack {
	uint64_t caller;
	uint64_t fp;
	uint64_t caller_fp;
	uint64_t stack;                     /* in the depot */
	uint16_t callers[HG_KNOWN_CALLERS]; /* where their return addresses stood, in words above the call, plus one; 0:
	                                       none */
	bool callers_tell;                  /* all of them were found */
	/* Where the same C frames can be called from different places of the user's code (walkers/told_key.h): */
	uint32_t languages;        /* those of the frames that were told, a bit each by enum hg_language; 0: C alone */
	uint16_t goroutine, depth; /* of Go: where these stand, in words above the call */
	uint64_t goroutine_pc;     /* and where the goroutine goes on */
	uint16_t methods;          /* of Java: how many make the key */
	uint64_t c_place;          /* tells the frames of C from others, whichever thread has them */
	uint64_t place;            /* the key of the user's frames, with these in it */
};

/* A life that the thread has met while it remembered an earlier one of the value (older.c). */
struct hg_older {
	const struct hg_guard *_Atomic guard;
	_Atomic uint32_t life; /* 0: none */
};

enum { HG_OLDER_KEPT = 8 }; /* limit: OLDER_FORGOTTEN */

/* What a real free is about that runs in a frame: the generation that it ends, and how many claims the program's
 * callbacks have taken inside it and not given back. */
struct hg_running {
	uint32_t generation;
	uint32_t claims;
};

/* A handle that was used while a create was in flight that may be making it (shim/around/expected.c). */
struct hg_expected {
	uint64_t fp; /* of the create */
	struct hg_guard *guard;
	uint32_t generation;
	uint32_t kind;                       /* enum hg_kind: what its first use was, if the create makes another one */
	struct hg_event create, free, first; /* of the life before; that use */
};

/* The references to a handle that its library has taken and dropped while a create is in flight (shim/call/shared.c).
 */
struct hg_taken {
	uint64_t fp; /* of the create */
	struct hg_guard *guard;
	int64_t net;
};

enum { HG_EXPECTED_MOST = 8 }; /* limit: EXPECTED_FULL */
enum { HG_TAKEN_MOST = 8 };    /* limit: TAKEN_FULL */

enum hg_context_state {
	HG_CONTEXT_FREE,
	HG_CONTEXT_STARTING,
	HG_CONTEXT_USED,
	HG_CONTEXT_ENDING,
	HG_CONTEXT_PARKED, /* the thread is gone, and has left coroutines behind that are parked inside ops */
	HG_CONTEXT_STATES  /* how many there are */
};

struct hg_context {
	/* The trampoline knows these offsets. No two threads write to one line. */
	_Alignas(64) struct hg_frame *_Atomic top; /* where the next frame goes */
	struct hg_frame *limit;                    /* end of the frames; equal to top in a wiped context */
	_Atomic uint64_t *counters;
	uint64_t cache_mask;  /* of byte offsets into the cache: its size less an entry */
	int64_t cache_offset; /* from here to the cache: in a wiped context an entry is empty, too */
	uint64_t user; /* its serial, as the guard of what ops must not overlap on has it (shim/around/exclusive.c) */
	/* The limit for ops that handleguard_inline.h enters in its user's own code; null: none does (inline_ops.h). */
	struct hg_frame *_Atomic inline_limit;
	/* From here on only C code. */
	struct hg_frame *base;
	struct hg_record_thread *record;
	uint64_t serial; /* of the thread, never used again; a private guard belongs to one */
	uint32_t tid;
	volatile uint32_t remembering; /* the cache is being changed, in case a signal handler comes */
	_Atomic uint64_t
	    life; /* serial and enum hg_context_state in one, so that no state of one thread passes for another's */
	uint64_t epoch; /* of the process, so that a child does not take the parent's context for its own */
	/* Frames for which there is no room between base and limit (frames.c); null before the first of them. */
	struct hg_frame *_Atomic more_base, *_Atomic more_top;
	uint32_t index;            /* of its record */
	uint32_t visits;           /* how many visits the thread is on, one inside the other */
	_Atomic uint64_t visiting; /* since which round the thread is on a visit (visit.h); 0: it is not */
	_Alignas(64) struct hg_cache_entry first[HG_CACHE_INSIDE]; /* the cache, or what it was before it was large */
	struct hg_cache_entry *large;                              /* null: it never was */
	_Atomic uint64_t cache;                                    /* for others (cache.c) */
	unsigned pushed_out; /* handles that were looked up again and took another one's place, since the cache grew */
	struct hg_known_stack stacks[HG_STACK_CACHE_SIZE];
	uint64_t thread;                   /* pthread_self() */
	uint64_t stack_low, stack_high;    /* of the thread's own stack; 0 if not known */
	struct hg_guard *_Atomic draining; /* whose ops in flight a free of this thread waits for; null: none */
	struct hg_older older[HG_OLDER_KEPT];
	unsigned next_older, next_stack;      /* whose turn it is to be forgotten */
	struct hg_running running[HG_FRAMES]; /* by the frame's number */
	struct hg_expected expected[HG_EXPECTED_MOST];
	struct hg_taken taken[HG_TAKEN_MOST];
	unsigned expected_count, taken_count;
	/* The frame pointer of the thread's call that is held back although its real function has returned; 0: of none.
	 */
	_Atomic uint64_t returned;
};

static_assert(offsetof(struct hg_context, top) == 0, "the trampoline knows it");
static_assert(offsetof(struct hg_context, limit) == 8, "the trampoline knows it");
static_assert(offsetof(struct hg_context, counters) == 16, "the trampoline knows it");
static_assert(offsetof(struct hg_context, cache_mask) == 24, "the trampoline knows it");
static_assert(offsetof(struct hg_context, cache_offset) == 32, "the trampoline knows it");
static_assert(offsetof(struct hg_context, user) == 40, "the trampoline knows it");
static_assert(sizeof(struct hg_cache_entry) == 32, "the trampoline knows it");

/* The calling thread's context; null before its first guarded call. */
extern __thread struct hg_context *hg_context __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* The same, as handleguard_inline.h finds it, which knows the offsets of this version of struct hg_context (embed.c).
 * Never null: before the thread's first guarded call it leads to zeros. Used: in machine code that the compiler does
 * not read. */
extern __thread struct hg_context *handleguard_thread_1
    __attribute__((tls_model("initial-exec"), visibility("default")));

/* The calling thread's context from now on; null: none. */
void hg_context_set(struct hg_context *context);

/* Makes a context for the calling thread. Null if memory is refused. `reap`: called where there are many, to free those
 * of threads that are gone. May call libc. */
struct hg_context *hg_context_make(bool (*reap)(void));

/* The thread that had it is gone, and nothing is left in it. */
void hg_context_give_back(struct hg_context *context);

static inline uint64_t hg_context_life(uint64_t serial, enum hg_context_state state)
{
	return serial * HG_CONTEXT_STATES + state;
}

static inline unsigned hg_context_state(uint64_t life)
{
	return life % HG_CONTEXT_STATES;
}

/* Calls `visit` for every thread that can have calls in flight until it returns false: those that are there, and those
 * that are gone and have parked some. */
void hg_contexts_each(bool (*visit)(struct hg_context *context, void *argument), void *argument);

/* In a forked child, before its first context: gives up the parent's. */
void hg_contexts_forget(void);
void hg_contexts_wipe(void);

/* thread_stack.c: where the calling thread's own stack lies; nothing is stored if that cannot be told. May call libc.
 */
void hg_thread_find_stack(uint64_t *low, uint64_t *high);

/* How many contexts there are: the indices of their records are 0 to one less. */
unsigned hg_context_count(void);

#endif
