/* handleguard in your own handle: a guard between the ops of a handle and the free that races with them.
 *
 * The same protocol, findings and reports as for libraries that are caught from outside. Every handle that your library
 * gives out gets a guard; each op enters and leaves it; the free begins with handleguard_begin_free and tears down only
 * when told that all ops have left:
 *
 *     int stream_recv(struct stream *s, void *buffer, size_t size)
 *     {
 *             handleguard_op op;
 *             if (!HANDLEGUARD_ENTER(s->guard, &op))
 *                     return -EPIPE;
 *             int result = ...;
 *             handleguard_leave(&op);
 *             return result;
 *     }
 *
 *     void stream_free(struct stream *s)
 *     {
 *             if (HANDLEGUARD_BEGIN_FREE(s->guard) == HANDLEGUARD_DRAINED)
 *                     tear_down(s);
 *     }
 *
 * A free that hands its work over need not wait: where the class or the run drains by `defer`, the last op to leave
 * does it, and one from inside an op of the same handle is not leaked:
 *
 *     void stream_free(struct stream *s)
 *     {
 *             HANDLEGUARD_FREE(s->guard, tear_down, s);
 *     }
 *
 * A guard is never deallocated, so that an op that comes too late has something to ask; but the memory it is reached
 * through (here `s`) must outlive the late op too: keep the box, free what it holds, or look guards up by value with
 * handleguard_find.
 *
 * Ops on handles that the calling thread has met are entered and left in your own code, in two or three nanoseconds:
 * what handleguard_inline.h makes of handleguard_enter and handleguard_leave. With HANDLEGUARD_OUT_OF_LINE defined each
 * is a call, which takes less room.
 *
 * All functions may be called from any thread at any time, also before main. An op may be left on another thread than
 * it was entered on. Options come from the environment (HANDLEGUARD_MODE, HANDLEGUARD_DEADLINE_MS, HANDLEGUARD_OUTPUT,
 * ...). Link with -lhandleguard (pkg-config handleguard). */
#ifndef HANDLEGUARD_H
#define HANDLEGUARD_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What handleguard_free does while ops are in flight. handleguard_begin_free waits, whatever is asked for. */
typedef enum handleguard_drain {
	HANDLEGUARD_DRAIN_BY_OPTION, /* as the run's option says (HANDLEGUARD_DRAIN) */
	HANDLEGUARD_DRAIN_WAIT,      /* wait for them, as long as the deadline allows */
	HANDLEGUARD_DRAIN_DEFER,     /* return, and leave the work to the last of them */
	HANDLEGUARD_DRAIN_AUTO       /* that, where the thread holds the lock of an interpreter; else wait */
} handleguard_drain;

/* A kind of handle. Static storage; zero what you do not set. */
typedef struct handleguard_class {
	const char *name;        /* in reports; must stay valid */
	uint64_t deadline_ms;    /* how long a free waits for ops in flight, in milliseconds; 0: the run's option */
	void *state;             /* the runtime's; leave it null */
	handleguard_drain drain; /* of handleguard_free */
} handleguard_class;

/* A place in the source that creates, uses or frees handles. The macros below make one for each place they stand in. */
typedef struct handleguard_site {
	const char *name; /* in reports; must stay valid */
	void *state;      /* the runtime's; leave it null */
} handleguard_site;

/* The guard of one handle. Never deallocated; the next handle of the same class and value gets the same one. */
typedef struct handleguard handleguard;

/* An op between entering and leaving; the caller's, uninitialised before handleguard_enter. */
typedef struct handleguard_op {
	handleguard *guard;
	void *frame;
} handleguard_op;

typedef enum handleguard_outcome {
	HANDLEGUARD_DRAINED,         /* this free won and no op is in flight: tear down */
	HANDLEGUARD_ALREADY_FREEING, /* another free of this handle has won: do nothing */
	HANDLEGUARD_TIMED_OUT,       /* this free won, but ops outlasted the deadline: leak what the handle holds */
	HANDLEGUARD_DEFERRED         /* this free won, and the last op to leave does its work; handleguard_free only */
} handleguard_outcome;

/* Begins the life of a handle that your library is about to hand out. `value` is what callers name it by, usually its
 * address. Null if the system refuses memory; the other functions take null and let everything pass. */
handleguard *handleguard_create(handleguard_class *kind, uint64_t value, handleguard_site *site);

/* The guard of a value, or null if the class never met it. */
handleguard *handleguard_find(handleguard_class *kind, uint64_t value);

/* Enters an op. False: a free has begun or is over; return your error and touch nothing. */
bool handleguard_enter(handleguard *guard, handleguard_site *site, handleguard_op *op);

/* The same for the first step of an end in two: after it neither an op is legal nor another close; the free is
 * still to come, and waits for whatever is in flight. The close waits for nobody: often it is what wakes the others. */
bool handleguard_close(handleguard *guard, handleguard_site *site, handleguard_op *op);

/* Leaves an op, or a close, that was entered. */
void handleguard_leave(handleguard_op *op);

/* Begins the free: blocks until every op has left or the deadline has passed, also where HANDLEGUARD_DRAIN says
 * `defer`: what the caller does next cannot be left to an op. A free from inside an op of the same handle on the same
 * thread cannot be waited for: it is recorded as a reentrant free and times out at once. */
handleguard_outcome handleguard_begin_free(handleguard *guard, handleguard_site *site);

/* Frees, with tear_down(argument) called once no op is in flight, at most once: on HANDLEGUARD_DRAINED it has been
 * called, on HANDLEGUARD_DEFERRED it is called by the last op that leaves, within handleguard_leave on that op's
 * thread; else it never is. A free from inside an op of the same handle on the same thread is always deferred. Of a
 * null guard it is called at once. */
handleguard_outcome handleguard_free(handleguard *guard, handleguard_site *site, void (*tear_down)(void *argument),
                                     void *argument);

/* --- for whoever runs tests --- */

/* From now on the calling thread is doing this: the name of a test, as a rule. So are the threads that it creates after
 * that with pthread_create or thrd_create, until they say something themselves (under a preload object; a library that
 * guards itself does not see them begin). Each call of a finding is told with what its thread was doing then; of a
 * thread that was there before, with what was said last in the process, as a guess.
 * `label` is copied; null or empty: nothing any more. From any thread, not from a signal handler. Also in a program
 * that embeds no guards: a runner looks it up with dlsym(RTLD_DEFAULT, "handleguard_label"), and finds nothing where no
 * guards are. */
void handleguard_label(const char *label);

/* Findings that are alike: of one kind, about handles of one class, with the same calls on both sides. All texts stay
 * valid. */
typedef struct handleguard_alike {
	uint32_t id;       /* the same each time they are told, in this process */
	uint64_t count;    /* how many there were so far; one that comes to nothing is taken back */
	const char *kind;  /* "late-free", ...: as in reports */
	const char *level; /* "error", "warning", "note" */
	const char *class_name;
	const char *function;       /* the guarded function whose call was refused or made to wait; "": none */
	const char *other_function; /* that of the other side; "": none */
} handleguard_alike;

/* How many findings there were in this process so far. If they are more than `after`, `tell` is called for all of them,
 * those that are alike at once: who keeps the counts by their ids sees what has come. From any thread, not from a
 * signal handler; `tell` is called on it. A runner looks it up as it does handleguard_label. */
uint64_t handleguard_findings(uint64_t after, void (*tell)(const handleguard_alike *alike, void *argument),
                              void *argument);

#define HANDLEGUARD_SITE()                                                                                             \
	(__extension__({                                                                                               \
		static handleguard_site handleguard_site_here = {__func__, 0};                                         \
		&handleguard_site_here;                                                                                \
	}))

#define HANDLEGUARD_CREATE(kind, value) handleguard_create((kind), (uint64_t)(value), HANDLEGUARD_SITE())
#define HANDLEGUARD_ENTER(guard, op)    handleguard_enter((guard), HANDLEGUARD_SITE(), (op))
#define HANDLEGUARD_CLOSE(guard, op)    handleguard_close((guard), HANDLEGUARD_SITE(), (op))
#define HANDLEGUARD_BEGIN_FREE(guard)   handleguard_begin_free((guard), HANDLEGUARD_SITE())

#define HANDLEGUARD_FREE(guard, tear_down, argument)                                                                   \
	handleguard_free((guard), HANDLEGUARD_SITE(), (tear_down), (argument))

#ifdef __cplusplus
}
#endif

#include "handleguard_inline.h"

#endif
