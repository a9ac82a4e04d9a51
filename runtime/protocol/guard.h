/* The guard protocol: what guard_word.h's states mean to ops and frees. Who may change a guard's word: see guard.c. */
#ifndef HG_GUARD_H
#define HG_GUARD_H

#include "base/counters.h"
#include "format/image.h"
#include "protocol/class.h"
#include "protocol/guard_word.h"
#include "thread/frames.h"

/* Generations of parents that are looked at; and the handles that one can hold: its ancestors and all their roots.
 * limit: GENERATIONS_CUT */
enum { HG_ANCESTORS = 8, HG_FAMILY_COUNTED = 2 * HG_ANCESTORS };

/* A real free that is left to the last op to leave. */
struct hg_pending {
	void (*run)(struct hg_pending *pending); /* calls the real free; frees nothing */
	struct hg_guard *guard;
	struct hg_guard *held[HG_FAMILY_COUNTED]; /* on which it is in flight from the first; guard.c fills it in */
	bool late;                                /* its free had timed out; guard.c says so */
	const struct hg_context *only;            /* the thread that may run it; null: any */
};

/* Of what was held on a descendant's behalf (hg_family_count): it is over. */
void hg_guard_let_go(struct hg_guard *held);

/* What runs it may do so as soon as it has a frame, which is in flight on them too, and is noticed if it is left. */
void hg_guard_let_ancestors_go(struct hg_pending *pending);

/* Belongs to one value of one class. Never deallocated: of one whose value has been dead for long, and that nobody
 * names, the memory becomes another value's guard, whose generations go on from there (dead.c). No phase: not born yet.
 */
struct hg_guard {
	_Atomic uint64_t word; /* guard_word.h; the trampoline knows its offset */
	uint64_t value;
	const struct hg_class *class;
	/* Serial of the thread to which it is private; with HG_GUARD_REUSED. */
	_Atomic uint32_t owner;
	_Atomic uint16_t owner_high;
	_Atomic uint16_t dead;    /* its place among the dead (dead.c); 0: none */
	_Atomic uint32_t signals; /* futex: `wake` and `inspecting` (signals.h) */
	_Atomic uint32_t end;     /* where it is kept how lives of it ended (end.c); 0: none has */
	struct hg_event create;
};

/* Where nothing follows the guards each is a line of memory. */
static_assert(sizeof(struct hg_guard) == 64, "there is one for each handle");

enum { HG_GUARD_REUSED = 0x8000, HG_GUARD_LIVES = 1024 };

/* Which of its value's lives it is, as people count. Of a guard that was another value's before, lives are counted from
 * a multiple of HG_GUARD_LIVES. */
static inline uint32_t hg_guard_life(const struct hg_guard *guard, uint32_t generation)
{
	return atomic_load(&guard->owner_high) & HG_GUARD_REUSED ? generation % HG_GUARD_LIVES : generation;
}

static inline uint64_t hg_guard_owner(const struct hg_guard *guard)
{
	uint64_t high = atomic_load_explicit(&guard->owner_high, memory_order_relaxed) & (HG_GUARD_REUSED - 1);
	return high << 32 | atomic_load_explicit(&guard->owner, memory_order_relaxed);
}

/* Whoever relies on it has seen a word that was stored afterwards. */
static inline void hg_guard_set_owner(struct hg_guard *guard, uint64_t serial)
{
	uint16_t reused = atomic_load_explicit(&guard->owner_high, memory_order_relaxed) & HG_GUARD_REUSED;
	atomic_store_explicit(&guard->owner, (uint32_t)serial, memory_order_relaxed);
	atomic_store_explicit(&guard->owner_high, (uint16_t)(reused | serial >> 32), memory_order_relaxed);
}

/* Which life is its present or last one. */
static inline uint32_t hg_guard_generation(const struct hg_guard *guard)
{
	return hg_word_generation(atomic_load(&guard->word));
}

/* Follows the guard in memory, if its class has one of HG_CLASS_MORE or it is a root. */
struct hg_guard_more {
	_Atomic uint64_t user;     /* whose ops may be in, where they must not overlap (shim/around/exclusive.c) */
	_Atomic uint32_t turn;     /* futex: counted up for ops that wait till others have left */
	_Atomic uint32_t held;     /* what is in flight on descendants without a frame (family.c) */
	_Atomic uint64_t children; /* of one life: its generation, and how many there are (family.c) */
	_Atomic uint64_t means;    /* of one life: its generation, and enum hg_children + 1 of its end; 0: unsaid */
	/* What the life was made from that is `joined`; that one may not have begun yet, or be over (family.c). */
	struct hg_guard *parent;
	uint32_t parent_generation;
	_Atomic uint32_t joined;
	uint32_t place;               /* where it is listed among that one's children; 0: nowhere (children.c) */
	_Atomic uint32_t first_place; /* of its own children's */
	_Atomic uint64_t empty;
};

/* With the guard it is two lines of memory. */
static_assert(sizeof(struct hg_guard_more) == 64, "there is one for each handle that is made from another");

/* Follows that in memory, if its class has HG_CLASS_TIED and it is no root. (Then what claims.c keeps, if it is
 * shared.) */
struct hg_guard_ties {
	_Atomic uint64_t given;      /* of one life: its generation, and whether it is its parent's to free (given.c) */
	_Atomic uint64_t made;       /* how often it was attached to another one (ties.c) */
	struct hg_tie *_Atomic ties; /* of what it is attached to (ties.c) */
	struct hg_members *_Atomic members; /* what is attached to it (ties.c) */
};

static_assert(offsetof(struct hg_guard, signals) == 32, "the trampoline knows it");
static_assert(sizeof(struct hg_guard) + offsetof(struct hg_guard_more, user) == 64, "the trampoline knows it");

static inline struct hg_guard_more *hg_guard_more(struct hg_guard *guard)
{
	return (struct hg_guard_more *)(guard + 1);
}

static inline struct hg_guard_ties *hg_guard_ties(struct hg_guard *guard)
{
	return (struct hg_guard_ties *)(hg_guard_more(guard) + 1);
}

/* What is more of one whose class may have none of it, to be read; null: it keeps no more. */
static inline const struct hg_guard_more *hg_guard_more_if_any(const struct hg_guard *guard)
{
	return guard->class->flags & HG_CLASS_MORE ? (const struct hg_guard_more *)(guard + 1) : NULL;
}

enum hg_entry {
	HG_ENTERED,           /* a frame holds the guard; leave with hg_guard_leave */
	HG_ENTERED_FRAMELESS, /* counted on the guard instead; leave with hg_guard_leave_frameless */
	HG_LATE,              /* a free has begun or is over: turn the call away */
	HG_ORPHANED /* so it is with the handle that this one was made from, or with one that is attached to it */
};

enum hg_enter_how {
	HG_ENTER_WHILE_FREEING = 1, /* the op is allowed while a free drains */
	HG_ENTER_SPARING = 2        /* it does nothing with what is attached to the handle */
};

/* Enters an op. `frame` is filled but for its guard; on HG_ENTERED *in is the frame that was pushed. `how`: enum
 * hg_enter_how, or-ed. Remembers the handle in the thread's cache. */
enum hg_entry hg_guard_enter(struct hg_guard *guard, struct hg_context *context, const struct hg_frame *frame,
                             unsigned how, struct hg_frame **in);

/* Leaves an op; runs the real free if one was left to the last op. Any thread may call it. */
void hg_guard_leave(struct hg_guard *guard, struct hg_frame *in);
void hg_guard_leave_frameless(struct hg_guard *guard);

/* For an op that is allowed while a free drains: enters the guard, if it drains, without a frame. */
bool hg_guard_visit_draining(struct hg_guard *guard);

/* Makes the frame one of a free, which is in flight on the handle that this one was made from. Which one that is stands
 * in the frame: before the call returns, the value may be another handle's. */
void hg_frame_of_free(struct hg_frame *frame, const struct hg_guard *guard);

/* The same of a frame that has been pushed, for another life of its guard. */
void hg_frame_name_parent(struct hg_frame *frame, const struct hg_guard *guard);

/* The same parent, of a frame that says FREE. */
static inline struct hg_guard *hg_frame_parent(const struct hg_frame *frame)
{
	return (struct hg_guard *)__atomic_load_n(&frame->caller_fp, __ATOMIC_RELAXED);
}

/* Takes back the frame of a free of this guard. */
void hg_guard_leave_free(struct hg_guard *guard, struct hg_frame *in);

/* What a leaver does once its frame is cleared and it saw one of HG_WORD_TELL: wake who waits for this guard or an
 * ancestor, let its stack be walked, and run what was deferred to it. */
void hg_guard_left(struct hg_guard *guard);

/* The same for an op whose thread is gone: nobody walks its stack. */
void hg_guard_reaped(struct hg_guard *guard);

enum hg_outcome {
	HG_DRAINED,         /* this free won and no op is in flight: call the real free */
	HG_ALREADY_FREEING, /* another free of this generation has won: do nothing */
	HG_TIMED_OUT,       /* this free won, but ops outlasted the deadline: the handle is leaked */
	HG_OUTLASTED,       /* the same, but the last of them calls the real free after all */
	HG_DEFERRED         /* this free won, and the last op to leave calls the real free */
};

enum hg_free_how {
	HG_FREE_WAIT,    /* wait for ops in flight */
	HG_FREE_DEFER,   /* leave the real free to the last of them */
	HG_FREE_AUTO,    /* the one or the other, as this thread holds the lock of an interpreter or not */
	HG_FREE_OBSERVE, /* only look: whatever is in flight, the real free is called at once */
	HG_FREE_SILENT   /* the library's own business: neither look nor wait */
};

/* An op that was in flight when a free began: its frame as it was then, and whose it is. */
struct hg_holder {
	const struct hg_context *owner;
	struct hg_frame frame;
};

enum { HG_HOLDERS_LISTED = 16 }; /* limit: PARTIES_CUT */

struct hg_holders {
	unsigned own;      /* ops of the freeing thread itself */
	unsigned others;   /* ops of other threads */
	unsigned listed;   /* those of which `list` tells, each call once */
	unsigned unlisted; /* for which it has no room */
	uint64_t timeouts; /* how many ops had gone on while they were looked at, before these were */
	struct hg_holder list[HG_HOLDERS_LISTED];
};

static inline void hg_holders_reset(struct hg_holders *holders)
{
	holders->own = holders->others = holders->listed = holders->unlisted = 0;
	holders->timeouts = hg_counted(HG_COUNTER_INSPECTION_TIMEOUT);
}

/* Whether all that were found are there still, if `inspecting` is raised. */
static inline bool hg_holders_stay(const struct hg_holders *holders)
{
	return holders->timeouts == hg_counted(HG_COUNTER_INSPECTION_TIMEOUT);
}

struct hg_free_request {
	enum hg_free_how how;
	uint32_t generation; /* of the life to end; 0: whichever it is in now */
	uint64_t deadline_ns;
	bool outlasts; /* once it has timed out, it is left to the last op, if it can be; else the handle is leaked */
	bool own_may_stay; /* the calling thread's ops on it are not in its way: the library itself waits for them */
	enum hg_children children;
	const struct hg_event *event;
	/* What a deferred free will call, asked for only if this one is deferred. Null: cannot defer; a free that would
	 * have to wait for its own thread is then leaked. */
	struct hg_pending *(*prepare)(struct hg_guard *guard, void *argument);
	/* Called if ops are in flight, while they cannot return: to walk their stacks. */
	void (*inspect)(struct hg_guard *guard, const struct hg_holders *holders, void *argument);
	void *argument; /* of prepare and inspect */
};

struct hg_free_result {
	enum hg_outcome outcome;
	unsigned waited_for; /* ops in flight, of other threads, when the free began */
	bool reentrant;      /* the calling thread itself was in an op of this handle */
	bool locked;         /* it holds the lock of an interpreter, and was not to wait for that */
	bool overtaken;      /* the value was handed out again, which began another life, before this one was drained */
	uint64_t drain_ticks;
	uint32_t generation;
	uint64_t attempt; /* hg_word_attempt */
};

struct hg_free_result hg_guard_begin_free(struct hg_guard *guard, struct hg_context *context,
                                          const struct hg_free_request *request);

/* The same of a life without a family that needs no more than one step. `word`: the guard's. False: it is another one
 * by now, or the life is not private to the calling thread, or that is in an op of it. */
bool hg_guard_end_private(struct hg_guard *guard, const struct hg_context *context, uint64_t word,
                          enum hg_children children, const struct hg_event *event);

#endif
