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

/* --- keys: for the thread that has made each --- */

struct vessel *key_new(void *place);
int key_free(struct vessel *key);
int key_hand_back(struct vessel *key); /* from any thread */
/* Two at once. */
int lid_pair(struct cellar *cellar, struct vessel *two[2]);

/* --- jars: memory of the caller's --- */

struct jar {
	struct cellar *cellar;
	bool filled;
};
int jar_init(struct jar *jar, struct cellar *cellar); /* 0 */
int jar_poke(struct jar *jar);                        /* 1; CASKS_OF_NOTHING where nothing is */
int jar_end(struct jar *jar);

/* --- deeds: for the process that has made each --- */

struct vessel *deed_new(void *place);
int deed_poke(struct vessel *deed); /* 1 */
int deed_free(struct vessel *deed);
/* --- bells --- */

struct bell;

struct bell *bell_new(struct cellar *cellar, int deaf); /* so many rings are lost */
int bell_wait(struct bell *bell);                       /* till it is rung; 1 */
void bell_ring(struct bell *bell);
int bell_free(struct bell *bell);

/* --- vats: whatever a use of one asks for, the library frees it after that --- */

struct vessel *vat_new(void *place);
int vat_use(struct vessel *vat, casks_notify notify, void *object); /* 1 */
int vat_last_use(struct vessel *vat);                               /* 1; it has ended then */
int vat_let_go(struct vessel *vat);
int vat_free(struct vessel *vat);

/* --- drays, to which oxen are yoked, and which are given sacks --- */

struct vessel *dray_new(void *place);
int dray_haul(struct vessel *dray);                                /* 1; with its oxen */
int dray_wash(struct vessel *dray);                                /* 2; alone */
int dray_yoke(struct vessel *dray, struct vessel *ox, int result); /* that result; 0: it is yoked */
int dray_seat(struct vessel *dray, int place, struct vessel *ox);  /* 0 */
int dray_unyoke(struct vessel *dray, struct vessel *ox);           /* 3 */
int dray_unyoke_all(struct vessel *dray);                          /* 3 */
int dray_load(struct vessel *dray, struct vessel *sack);           /* 4; it is the dray's to free */
int dray_unload(struct vessel *dray, struct vessel *sack);         /* 4; no more */
int dray_free(struct vessel *dray);
struct vessel *ox_new(void *place);
int ox_free(struct vessel *ox);
int ox_retire(struct vessel *ox); /* unyokes it too */
struct vessel *sack_new(void *place);
int sack_free(struct vessel *sack);

/* --- tuns: shut, and then freed --- */

struct vessel *tun_new(void *place);
int tun_poke(struct vessel *tun); /* 1 */
int tun_shut(struct vessel *tun); /* 2 */
int tun_free(struct vessel *tun);

/* --- dregs: some come from dreg_find, which is not guarded --- */

struct vessel *dreg_new(void *place);
struct vessel *dreg_find(void *place);
int dreg_poke(struct vessel *dreg); /* 1 */
int dreg_free(struct vessel *dreg);

/* --- drosses: what is left of them ends with the process --- */

struct vessel *dross_new(void *place);
int dross_poke(struct vessel *dross); /* 1 */
int dross_free(struct vessel *dross);

/* --- the shed, of which there is one --- */

int shed_open(void);  /* 0 */
int shed_poke(void);  /* 1 */
int shed_close(void); /* CASKS_FREED */

/* --- not guarded --- */

void bell_await(struct bell *bell); /* till somebody waits there */
void bell_let_go(struct bell *bell);

enum { CASKS_LOGGED = 256, CASKS_HELPERS = 64 };

struct cellar {
	/* Whose stack calls, and in which signal handler; 0: none of the program's. */
	int (*who)(void);
	struct vessel *room; /* for so many handles */
	unsigned room_size;
	struct vessel *next;              /* where the next handle is to be made */
	int harmed;                       /* calls of the library's own that were rejected, rings of freed bells */
	pthread_t helpers[CASKS_HELPERS]; /* that nobody waits for */
	unsigned helper_count;
	unsigned bad; /* what must not have reached the library; the first of it: */
	struct {
		const char *what;
		struct vessel *vessel, *parent; /* with either of which it is told */
	} log[CASKS_LOGGED];
	unsigned made[3], ended[3], lids, bells; /* casks, taps, cups; lids and bells that were made and are freed */
	struct {
		unsigned kegs, kegs_ended, mugs, mugs_ended, mashes, mashes_ended, drawn[3], drawn_ended[3];
	} kin;
	unsigned jars_made, jars_ended; /* ended: also by being filled anew */
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
