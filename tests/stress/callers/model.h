/* What a right guard does, worked out before it does it. One thread of a world moves at a time (world.h), so that every
 * step has one outcome: what a call returns, whose callback it calls, whether it waits, and what is told. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum class { CASK, TAP, CUP, CLASSES };

enum {
	ROOM = 40, /* addresses a class */
	PLACES = CLASSES * ROOM,
	THREADS = 4,
	STRANDS = 10, /* the first are the threads' own stacks, the others coroutines */
	FRAMES = 220,
	EXPECTED = 2048,
	NOBODY = -1,
	BELLS = 4,      /* a world */
	LAST_RESORT = 0 /* a cask that is never freed */
};

/* --- functions --- */

enum role { POKES, CREATES, FREES, ACQUIRES, RELEASES, CONSUMES, FINISHES };

/* FUNCTION(enum name, function, role, class of its subject, class that it makes (CLASSES: none), calls back) */
#define FUNCTIONS                                                                                                      \
	FUNCTION(CASK_POKE, cask_poke, POKES, CASK, CLASSES, false)                                                    \
	FUNCTION(CASK_USE, cask_use, POKES, CASK, CLASSES, true)                                                       \
	FUNCTION(CASK_EACH, cask_each, POKES, CASK, CLASSES, true)                                                     \
	FUNCTION(CASK_ON_END, cask_on_end, POKES, CASK, CLASSES, false)                                                \
	FUNCTION(CASK_WORK, cask_work, POKES, CASK, CLASSES, false)                                                    \
	FUNCTION(CASK_FREE, cask_free, FREES, CASK, CLASSES, false)                                                    \
	FUNCTION(CASK_CLOSE, cask_close, FREES, CASK, CLASSES, false)                                                  \
	FUNCTION(CASK_FINISH, cask_finish, FINISHES, CASK, CLASSES, true)                                              \
	FUNCTION(HAND_CLOSE, hand_close, FREES, CASK, CLASSES, false)                                                  \
	FUNCTION(CASK_NEW, cask_new, CREATES, CLASSES, CASK, false)                                                    \
	FUNCTION(CASK_OPEN, cask_open, CREATES, CLASSES, CASK, true)                                                   \
	FUNCTION(CASK_OPEN_TO, cask_open_to, CREATES, CLASSES, CASK, true)                                             \
	FUNCTION(TAP_NEW, tap_new, POKES, CASK, TAP, false)                                                            \
	FUNCTION(TAP_OPEN, tap_open, POKES, CASK, TAP, true)                                                           \
	FUNCTION(TAP_MAKE, tap_make, POKES, CASK, TAP, true)                                                           \
	FUNCTION(TAP_POKE, tap_poke, POKES, TAP, CLASSES, false)                                                       \
	FUNCTION(TAP_USE, tap_use, POKES, TAP, CLASSES, true)                                                          \
	FUNCTION(TAP_ON_END, tap_on_end, POKES, TAP, CLASSES, false)                                                   \
	FUNCTION(TAP_FREE, tap_free, FREES, TAP, CLASSES, false)                                                       \
	FUNCTION(CUP_NEW, cup_new, CREATES, CLASSES, CUP, false)                                                       \
	FUNCTION(CUP_REF, cup_ref, ACQUIRES, CUP, CLASSES, false)                                                      \
	FUNCTION(CUP_UNREF, cup_unref, RELEASES, CUP, CLASSES, false)                                                  \
	FUNCTION(CUP_POKE, cup_poke, POKES, CUP, CLASSES, false)                                                       \
	FUNCTION(CUP_USE, cup_use, POKES, CUP, CLASSES, true)                                                          \
	FUNCTION(CUP_ON_END, cup_on_end, POKES, CUP, CLASSES, false)                                                   \
	FUNCTION(CUP_WRAP, cup_wrap, CREATES, CLASSES, CUP, false)                                                     \
	FUNCTION(CUP_NEXT, cup_next, CONSUMES, CUP, CUP, false)

enum function {
#define FUNCTION(name, ...) name,
	FUNCTIONS
#undef FUNCTION
	    FUNCTION_COUNT
};

struct function_facts {
	const char *name;
	enum role role;
	enum class subject, makes;
	bool calls_back;
};
extern const struct function_facts functions[FUNCTION_COUNT];

/* --- what can be random --- */

#define FEATURES                                                                                                       \
	FEATURE(THREADS, "threads")            /* more than one */                                                     \
	FEATURE(TAIL, "tail")                  /* callbacks that end by a jump into the library */                     \
	FEATURE(ITSELF, "itself")              /* functions of the library as callbacks */                             \
	FEATURE(JUMP_OP, "jump-op")            /* ops that end by a jump to their callback */                          \
	FEATURE(DESTROY, "destroy")            /* what a free calls */                                                 \
	FEATURE(SIGNAL, "signal")              /* handlers that use and free */                                        \
	FEATURE(COROUTINE, "coroutine")        /* that are left in callbacks, to be resumed or not */                  \
	FEATURE(MOVED, "moved")                /* and resumed by other threads */                                      \
	FEATURE(LONGJMP, "longjmp")            /* callbacks that are left by a jump */                                 \
	FEATURE(BUILTIN, "builtin")            /* by one that no function of a library makes */                        \
	FEATURE(CONTEXT, "context")            /* by setcontext */                                                     \
	FEATURE(OPENING, "opening")            /* handles that are known before their create returns */                \
	FEATURE(REUSE, "reuse")                /* of addresses */                                                      \
	FEATURE(FORK, "fork")                  /* children that return into the calls which they are in */             \
	FEATURE(HELPER, "helper")              /* threads of the library, which use and free by a call */              \
	FEATURE(HELPER_JUMPS, "helper-jump")   /* by a jump */                                                         \
	FEATURE(HELPER_STARTS, "helper-start") /* begin with it */                                                     \
	FEATURE(FINISH, "finish")              /* frees that end their handle when they return */                      \
	FEATURE(HAND, "hand")                  /* another object of the library */                                     \
	FEATURE(DEEP, "deep")                  /* more calls in one another than a thread has frames for */            \
	FEATURE(SHARED, "shared")              /* cups */                                                              \
	FEATURE(HELD_INSIDE, "held-inside")    /* references that are taken and given back while their cup goes */     \
	FEATURE(CONSUME, "consume")            /* creates that drop a reference to another */                          \
	FEATURE(FAMILY, "family")              /* taps */                                                              \
	FEATURE(LID, "lid")                    /* calls without a lid, or with what is none */                         \
	FEATURE(KEY, "key")                    /* handles that only the thread which made them may free */             \
	FEATURE(COUNTED, "counted")            /* kegs, whose mugs outlive their last reference */                     \
	FEATURE(DEED, "deed")                  /* handles that only the process which made them may use */             \
	FEATURE(JAR, "jar")                    /* handles that are memory of the program's own */                      \
	FEATURE(PAIR, "pair")                  /* and such as come two at once */                                      \
	FEATURE(VAT, "vat")                    /* frees inside an op, which the library puts off */                    \
	FEATURE(TUN, "tun")                    /* handles that are shut before they are freed */                       \
	FEATURE(DREG, "dreg")                  /* handles some of which come from where nobody sees it */              \
	FEATURE(DROSS, "dross")                /* handles that end by a handler at exit of the library's */            \
	FEATURE(SHED, "shed")                  /* a handle that no call is given, as there is one only */              \
	FEATURE(BELL, "bell")                  /* frees that have an op woken */                                       \
	FEATURE(BY_CLASS, "by-class")          /* mashes, whose end means something else for each kind of child */     \
	FEATURE(CLEARED, "cleared")            /* mashes that are skimmed of their foam, and go on */                  \
	FEATURE(DRAY, "dray")                  /* handles that are attached and given to others */

enum feature {
#define FEATURE(name, text) F_##name,
	FEATURES
#undef FEATURE
	    FEATURE_COUNT,
	F_ASIDES = F_LID /* from here on: what a program does beside its casks */
};
extern const char *const feature_names[FEATURE_COUNT];

/* --- state; all of it can be copied, and put back --- */

enum how { NOT, RUNS, JUMPS, ITSELF }; /* a callback of the program's; one that ends by a jump; the function itself */

struct notify {
	uint8_t how, function;
	int8_t victim;
	uint8_t dive;    /* RUNS: how many calls to nest at once */
	uint16_t serial; /* which object is handed over; 0: the victim */
};

struct call {
	uint8_t function;
	int8_t subject, makes; /* places */
	uint8_t help;
	struct notify notify;
};

/* FREEING: it waits, or is left to the last op. RUNNING: the library is in it. */
enum life { UNMADE, LIVE, FREEING, RUNNING, DEAD };

struct place {
	uint8_t life;
	bool deferred; /* FREEING without a thread that waits */
	bool late;     /* its free has timed out */
	bool left;     /* its free was left by a jump */
	int8_t parent;
	uint16_t number;        /* of its life, from 1 */
	uint16_t parent_number; /* of the life that it was made from */
	uint16_t refs;
	uint16_t refs_inside; /* that its destroy callback has taken */
	struct notify notify;
};

/* CALLING: a call of the library; IN_PROGRAM: a callback; IN_HANDLER: a signal handler. */
enum kind { CALLING, IN_PROGRAM, IN_HANDLER };
enum phase { BEGINS, WAITS, ENTERED, ENDS };

struct frame {
	uint8_t kind, phase, thread;
	bool passes;    /* let through inside the free of its handle: in flight on nothing */
	bool ends_life; /* a free that takes place */
	bool finishes;  /* one that ends its handle when it returns */
	bool deferred;  /* one that was left to this call */
	int16_t result; /* with deferred: of the call to which it was left */
	struct call call;
};

enum event { RETURNS, CALLS_BACK, BLOCKS };

struct strand {
	uint8_t depth, event;
	bool exists, abandoned; /* abandoned: never to be resumed */
	int8_t thread;          /* that runs it; NOBODY: parked */
	int8_t home;            /* the thread that must resume it; NOBODY: any can */
	int16_t result;
	uint16_t serial;
	struct frame frames[FRAMES];
};

struct expected {
	uint8_t kind, place;
	uint16_t number;
};

enum finding { LATE_FREE, REPEAT_FREE, LATE_OP, REENTRANT_FREE, DRAIN_TIMEOUT, FREED_LATE, FINDINGS };

struct model {
	bool observes, defers, times_out; /* times_out: each free that would wait, at once */
	bool locks;                       /* a free is deferred on threads that hold a lock */
	bool illegal; /* something that a program must not do, or of which nobody can say what is right */
	struct place places[PLACES];
	struct strand strands[STRANDS];
	bool done[THREADS];
	uint8_t threads;
	uint8_t woken[THREADS], woken_count;
	uint16_t expected_count;
	unsigned made[CLASSES], left_frees[CLASSES], left_makes[CLASSES], left_calls, told_left;
	unsigned happened[FEATURE_COUNT];
	unsigned nulls, strays; /* calls with no lid, and with what never was one */
	struct expected expected[EXPECTED];
};

/* Every other thread holds, for its whole life, what the runtime takes for the lock of an interpreter. */
static inline bool holds_lock(int thread)
{
	return thread & 1;
}

static inline bool is_on_end(int function)
{
	return function == CASK_ON_END || function == TAP_ON_END || function == CUP_ON_END;
}

static inline enum class class_at(int place) { return (enum class)(place / ROOM); }

static inline struct frame *top_of(struct strand *strand)
{
	return &strand->frames[strand->depth - 1];
}

/* Pushes a call and works out what comes of it: to the strand's next event, and to those of the threads that it wakes.
 */
void model_call(struct model *model, int strand, const struct call *call);
/* The callback on top of the strand returns, or ends by a jump into this call. */
void model_return(struct model *model, int strand, int result);
void model_jump_on(struct model *model, int strand, const struct call *call);
/* A jump leaves everything above this depth. */
void model_leave(struct model *model, int strand, unsigned depth);
/* The strand is never resumed. */
void model_abandon(struct model *model, int strand);
void model_push(struct model *model, int strand, enum kind kind);

/* Whether a handle can be made at a place: nothing is in flight on what was there. */
bool model_is_free(const struct model *model, int place);
/* Whether the create of a handle has not returned yet. */
bool model_is_being_made(const struct model *model, int place);
/* Whether somebody waits for a call of this strand. */
bool model_is_awaited(const struct model *model, int strand);
bool model_can_move(const struct model *model, int thread);
/* Ops in flight on a handle: of this thread, or of others. */
unsigned model_in_flight(const struct model *model, int place, int thread, bool own);

#endif
