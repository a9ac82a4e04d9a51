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
	unsigned number, object_count, steps, settled, handlers, features, misuse;
	struct thread *falling; /* is about to wait */
	uint64_t random;
	unsigned _Atomic progress;
	bool finishing;
	bool is_alone; /* the only world of its process */
	bool is_child;
	unsigned forks;
	sem_t over;
};

extern bool tracing;

void fault(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

void tell_outcome(const struct world *world);

/* --- forks.c --- */

bool have_child(void);
/* lids.c: a call without a lid, or with what is none. */
bool poke_no_lid(struct world *world);
extern char never_given_out[16];
void end_child(struct world *world) __attribute__((noreturn));

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
