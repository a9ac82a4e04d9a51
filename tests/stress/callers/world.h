/* A world: threads and coroutines that use a cellar, of which one moves at a time. Who moves hands its turn on before
 * it is to wait in the library, and takes it back when it has been woken; so what the model foresees is what happens.
 */
#ifndef WORLD_H
#define WORLD_H

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdint.h>
#include <ucontext.h>

#include "casks.h"
#include "model.h"

enum { TUNS = 4, DREGS = 4, DROSSES = 4, DEEDS = 4, KEYS = 8, ASIDES_EXPECTED = 512 };

/* For the thread that has made it; NOBODY: a parent's did. */
struct key {
	char place[16]; /* whose address the handle is */
	bool lives;
	int thread;
	unsigned life;
};

/* For the process that has made it. */
struct deed {
	char place[16];
	bool lives, inherited;
	unsigned life;
};

/* Made, used and ended at once, by the thread whose it is. */
struct vat {
	char place[16];
	bool unseen; /* its last life has ended so */
	unsigned life;
};

/* To be shut before it is freed. */
struct tun {
	char place[16];
	bool lives, shut;
	unsigned life;
};

/* Made in sight or not; freed: at least once. */
struct dreg {
	char place[16];
	bool lives, met, freed;
	unsigned life;
};

/* What is left of them ends with the process. */
struct dross {
	char place[16];
	bool lives;
	unsigned life;
};

enum { OXEN = 3 };

/* Yoked to the dray: a bit for each place. */
struct ox {
	char place[16];
	bool lives;
	unsigned yoked, life;
};

/* A dray, its oxen, and a sack that it may have been given. */
struct team {
	char place[16], sack[16];
	bool lives, sack_lives, sack_loaded;
	unsigned life, sack_life;
	struct ox oxen[OXEN];
	unsigned made[3], ended[3]; /* of each kind */
};

/* What is to be told beside the model. */
struct aside {
	const char *kind;
	const void *handle;
	unsigned life;
};

enum { OBJECTS = 4096, LANDINGS = 64, OF_CALLBACK = 5, STACK = 1 << 19, BUILTIN_WORDS = 5 };

enum way { BY_LONGJMP, BY_BUILTIN, BY_CONTEXT, WAYS };

/* Where a jump out of a callback leads to. */
struct landing {
	unsigned way; /* enum way */
	volatile bool left;
	unsigned depth; /* of the strand */
	jmp_buf jump;
	ucontext_t context;
	void *builtin[BUILTIN_WORDS];
};

/* What is handed over with a callback. */
struct object {
	struct world *world;
	struct notify notify;
	struct vessel *victim;
	struct object *inner;
};

struct thread {
	struct world *world;
	int index, strand, tid, handling; /* handling: number of a signal handler; 0: none */
	pthread_t thread;
	sem_t turn, interruption; /* interruption: the turn of its signal handler */
	bool waits;               /* in a free, without its turn */
	int waits_for;
	struct thread *granter; /* takes the turn back */
	struct thread *interrupter;
};

struct world {
	struct model model, saved;
	struct cellar cellar;
	struct thread threads[THREADS];
	ucontext_t contexts[STRANDS];
	char *stacks[STRANDS];
	int last_run[STRANDS]; /* thread */
	struct landing *landings[STRANDS][LANDINGS];
	unsigned landing_count[STRANDS];
	struct object objects[OBJECTS];
	unsigned number, object_count, steps, settled, handlers, misuse;
	uint64_t features;
	struct thread *falling; /* is about to wait */
	uint64_t random;
	unsigned _Atomic progress;
	bool finishing;
	bool is_alone; /* the only world of its process */
	bool is_child;
	unsigned forks;
	struct key keys[KEYS];
	unsigned keys_made, keys_freed;
	struct deed deeds[DEEDS];
	unsigned deeds_made, deeds_freed;
	struct jar jar;
	unsigned jar_life; /* number of its last life; 0: it has had none */
	bool jar_lives;
	struct tun tuns[TUNS];
	unsigned tuns_made, tuns_freed;
	unsigned shed_claims, shed_life, sheds_made, sheds_freed;
	struct dross drosses[DROSSES];
	unsigned drosses_made, drosses_freed;
	struct dreg dregs[DREGS];
	unsigned dregs_made, dregs_freed;
	struct team team;
	struct vat vats[THREADS];
	unsigned vats_made, vats_freed, vats_unseen;
	struct aside asides[ASIDES_EXPECTED];
	unsigned aside_count;
	sem_t over;
	unsigned bells_made;
};

extern bool tracing;

void fault(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

void tell_outcome(const struct world *world);

/* --- forks.c --- */

bool have_child(void);
void end_child(struct world *world) __attribute__((noreturn));

/* --- asides.c --- */

bool play_aside(struct world *world); /* false: there is nothing to do */
void expect_aside(struct world *world, const char *kind, const void *handle, unsigned life);
void tell_asides(const struct world *world);
void forget_asides(struct world *world); /* in a child, which tells of itself only */
/* lids.c: a call without a lid, or with what is none. */
bool poke_no_lid(struct world *world);
/* rings.c: a free of a bell at which somebody waits. */
bool free_under_waiter(struct world *world);
extern char never_given_out[16];
/* jars.c: fills, uses or ends the world's jar; makes, uses and frees two lids. */
bool use_jar(struct world *world);
bool use_pair(struct world *world);
/* keys.c: makes a key, or gives one back. */
bool turn_key(struct world *world);
/* kin.c: makes kegs and mugs, and ends them. */
bool use_kegs(struct world *world);
/* deeds.c: makes a deed, or uses one, or gives it back. Before a fork there is to be one, and a child begins with it.
 */
bool use_deed(struct world *world);
void leave_deed(struct world *world);
void inherit_deeds(struct world *world);
/* vats.c: makes a vat, and has it freed inside a use of it, or ended by one. */
bool use_vat(struct world *world);
/* tuns.c: makes a tun, uses it, shuts it, frees it. */
bool use_tun(struct world *world);
/* sheds.c: opens the shed once more, uses it, or closes it once. */
bool use_shed(struct world *world);
/* drosses.c: makes a dross, or uses one, or frees it; what is told of those that are used after the library's end; and
 * uses them then. */
bool use_dross(struct world *world);
void tell_drosses(const struct world *world);
void use_drosses_late(const struct world *world);
/* drays.c: yokes oxen to a dray, loads it, and frees them in any order. */
bool drive(struct world *world);
/* dregs.c: has a dreg made in sight or not, uses it, frees it. */
bool use_dreg(struct world *world);
bool use_mashes(struct world *world);
bool skim_mashes(struct world *world);

/* --- turns.c --- */

struct thread *here(void); /* a coroutine asks again whenever it has been left */
struct world *this_world(void);
struct strand *this_strand(void);
int who(void);
void await_turn(struct thread *self);
void await_interruption(struct thread *self);
void give_turn_on(void); /* maybe */
void hand_turn_over(void);
void arrive(enum event event, int value); /* in the program, from the library */
void adopt(struct thread *self);
bool finish_thread(void); /* false: it was the last */
void interrupt(struct thread *other, int number);

/* --- calls.c --- */

unsigned draw(struct world *world, unsigned below);
bool has(const struct world *world, enum feature feature);
struct object *new_object(struct world *world, const struct notify *notify);
bool perform(const struct call *call);
bool try_return(void);
void leave_callback(void);
bool jump_out(void);

/* --- play.c --- */

void give_up(void) __attribute__((noreturn)); /* nobody can go on without a circle */
bool step(bool simple);
void stay(void);
void dive(struct object *object);
void handle(int number);
void live_coroutine(void);
void run_thread(struct thread *self);

#endif
