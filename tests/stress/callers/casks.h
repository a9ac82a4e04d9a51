/* Casks, taps in them, and cups that several can hold; and every way to be called back from inside. The library never
 * gives memory back: it says what reached it that must not have. Its callers choose the address of every new handle. */
#ifndef CASKS_H
#define CASKS_H

#include <pthread.h>
#include <stdbool.h>

/* What a program hands over to be called: with what it handed over beside it. */
typedef int (*casks_notify)(void *object);

/* A handle of any class. */
struct vessel;
struct cellar;

/* How a helper thread of the library comes to the function that it is to run. */
enum casks_help { CASKS_NO_HELP, CASKS_CALLS, CASKS_JUMPS, CASKS_STARTS, CASKS_HELPS };

enum { CASKS_FREED = 7, CASKS_DEFERRED = 8, CASKS_REJECTED = -32, CASKS_OF_NOTHING = -14 };

/* --- casks --- */

struct vessel *cask_new(struct cellar *cellar);
struct vessel *cask_open(struct cellar *cellar, casks_notify notify, void *object); /* calls back before it returns */
int cask_open_to(struct vessel **made, struct cellar *cellar, casks_notify notify, void *object);
int cask_poke(struct vessel *cask);                                                /* 1 */
int cask_look(struct vessel *cask);                                                /* 1; never by the fast path */
void *cask_stir(struct vessel *cask);                                              /* not null */
int cask_use(struct vessel *cask, casks_notify notify, void *object);              /* 1 */
int cask_each(struct vessel *cask, casks_notify notify, void *object);             /* ends by jumping to `notify` */
int cask_on_end(struct vessel *cask, casks_notify notify, void *object, int help); /* what its free calls; 1 */
int cask_work(struct vessel *cask, int help);                                      /* a helper pokes it meanwhile; 1 */
int cask_free(struct vessel *cask);
void *cask_end(struct vessel *cask);
int cask_close(struct vessel *cask, int help);                           /* a helper frees it */
int cask_finish(struct vessel *cask, casks_notify notify, void *object); /* a free; calls back before it begins */

/* In another object: the same, or (CASKS_NO_HELP) by a call of cask_free. */
int hand_close(struct vessel *cask, int help);

/* --- taps: gone with their cask --- */

struct vessel *tap_new(struct vessel *cask);
struct vessel *tap_open(struct vessel *cask, casks_notify notify, void *object);
struct vessel *tap_make(struct vessel *cask, casks_notify notify,
                        void *object); /* the same, but said to be no op of the cask */
int tap_poke(struct vessel *tap);
int tap_use(struct vessel *tap, casks_notify notify, void *object);
int tap_on_end(struct vessel *tap, casks_notify notify, void *object, int help);
int tap_free(struct vessel *tap);

/* --- cups --- */

struct vessel *cup_new(struct cellar *cellar);
struct vessel *cup_ref(struct vessel *cup);
int cup_unref(struct vessel *cup);
int cup_poke(struct vessel *cup);
int cup_use(struct vessel *cup, casks_notify notify, void *object);
int cup_on_end(struct vessel *cup, casks_notify notify, void *object, int help);
/* A cup that holds a reference to `inner`, which it takes by `copy` and drops by `drop` when it ends itself. */
struct vessel *cup_wrap(struct cellar *cellar, struct vessel *inner, struct vessel *(*copy)(struct vessel *cup),
                        casks_notify drop, void *object);
struct vessel *cup_next(struct cellar *cellar, struct vessel *old); /* a new one, for a reference to the old */

/* --- lids: nothing is made from them, and nothing calls back --- */

struct vessel *lid_new(struct cellar *cellar);
int lid_poke(struct vessel *lid); /* 1; CASKS_OF_NOTHING of null */
int lid_free(struct vessel *lid);

/* --- not guarded --- */

enum { CASKS_LOGGED = 256, CASKS_HELPERS = 64 };

struct cellar {
	/* Whose stack calls, and in which signal handler; 0: none of the program's. */
	int (*who)(void);
	struct vessel *room; /* for so many handles */
	unsigned room_size;
	struct vessel *next;              /* where the next handle is to be made */
	int harmed;                       /* calls of the library's own that were rejected */
	pthread_t helpers[CASKS_HELPERS]; /* that nobody waits for */
	unsigned helper_count;
	unsigned bad; /* what must not have reached the library; the first of it: */
	struct {
		const char *what;
		struct vessel *vessel, *parent; /* with either of which it is told */
	} log[CASKS_LOGGED];
	unsigned made[3], ended[3], lids; /* casks, taps, cups; lids that were made and are freed */
};

void casks_furnish(struct cellar *cellar, unsigned size);
struct vessel *casks_at(const struct cellar *cellar, unsigned index); /* where a handle can be made */
int casks_index(const struct cellar *cellar, const struct vessel *vessel);
void casks_help_apart(struct vessel *cask, void *(*run)(void *cask)); /* by a thread that nobody waits for ... */
void casks_settle(struct cellar *cellar);                             /* ... but here */
void casks_op_left(struct vessel *vessel);                            /* by a jump */
void casks_free_left(struct vessel *vessel);                          /* by a jump */
bool casks_being_freed(const struct vessel *vessel);

#endif
