/* A random program: several threads make, use and free towns, houses and rooms in every way, from callbacks too, and
 * now and then fork. What it does follows from its seed, save for how the threads take turns.
 *
 * families SEED STEPS FENCE: prints what stress.py holds against the recording: how many handles were made and have
 * ended, and which kinds of finding are possible. FENCE is membarrier or, to do without it, full. Exit status 3: the
 * library noticed what a guard must prevent. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenario.h"
#include "tree.h"

enum { KINDS = 3, SLOTS = 6, MOST_THREADS = 4, ROUNDS = 3, DEEPEST = 3, STEPS_OF_CHILD = 12 };
enum way { CLOSE, RAZE, LEAVE, SELL, DROP, WRECK, WAYS };

struct kind {
	int (*touch)(struct tree *tree);
	int (*call)(struct tree *tree, void (*callback)(void *), void *argument);
	void (*close)(struct tree *tree), (*raze)(struct tree *tree), (*leave)(struct tree *tree);
	int (*sell)(struct tree *tree);
	int (*drop)(struct tree *tree, bool fail), (*wreck)(struct tree *tree, bool fail);
};

#define KIND(kind)                                                                                                     \
	{                                                                                                              \
		kind##_touch, kind##_call, kind##_close, kind##_raze, kind##_leave, kind##_sell, kind##_drop,          \
		    kind##_wreck                                                                                       \
	}
static const struct kind kinds[KINDS] = {KIND(town), KIND(house), KIND(room)};
static struct tree *_Atomic slots[KINDS][SLOTS];

/* What this program does at all. */
static struct {
	unsigned threads, ways; /* ways: a bit each */
	bool callbacks, misuses, forks, ends_all;
} plan;

/* Who ends all towns must know which they are. */
static pthread_rwlock_t founding = PTHREAD_RWLOCK_INITIALIZER;

struct actor {
	uint64_t state;
	unsigned depth;
	unsigned steps;
	bool child; /* of a fork */
};

/* xorshift64* (G. Marsaglia, S. Vigna) */
static unsigned draw(struct actor *actor, unsigned below)
{
	actor->state ^= actor->state >> 12;
	actor->state ^= actor->state << 25;
	actor->state ^= actor->state >> 27;
	return (unsigned)((actor->state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

static struct actor new_actor(uint64_t seed, unsigned number, unsigned steps)
{
	struct actor actor = {.state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) ^
	                               (number + 1) * UINT64_C(0xbf58476d1ce4e5b9),
	                      .steps = steps};
	for (int i = 0; i < 8; i++)
		draw(&actor, 2);
	return actor;
}

static void make_plan(uint64_t seed)
{
	struct actor actor = new_actor(seed, 1000, 0);
	plan.threads = draw(&actor, 4) ? 2 + draw(&actor, MOST_THREADS - 1) : 1;
	plan.ways =
	    1u << draw(&actor, WAYS) | 1u << draw(&actor, WAYS) | (draw(&actor, 2) ? draw(&actor, 1u << WAYS) : 0);
	plan.callbacks = draw(&actor, 3);
	plan.misuses = draw(&actor, 2);
	plan.forks = !draw(&actor, 4);
	plan.ends_all = !draw(&actor, 3);
}

/* --- steps --- */

static struct tree *_Atomic *any_slot(struct actor *actor, unsigned kind)
{
	return &slots[kind][draw(actor, SLOTS)];
}

static void end_by(struct actor *actor, unsigned kind, struct tree *tree)
{
	enum way way;
	do
		way = draw(actor, WAYS);
	while (!(plan.ways & 1u << way));
	switch (way) {
	case CLOSE:
		kinds[kind].close(tree);
		break;
	case RAZE:
		kinds[kind].raze(tree);
		break;
	case LEAVE:
		kinds[kind].leave(tree);
		break;
	case SELL:
		kinds[kind].sell(tree);
		break;
	case DROP:
		kinds[kind].drop(tree, draw(actor, 2));
		break;
	default:
		kinds[kind].wreck(tree, draw(actor, 2));
	}
}

static struct tree *open_one(struct actor *actor, unsigned kind)
{
	struct tree *parent = kind ? atomic_load(any_slot(actor, kind - 1)) : NULL, *made;
	if (kind)
		return !parent ? NULL : kind == 1 ? house_open(parent) : room_open(parent);
	if (pthread_rwlock_tryrdlock(&founding) != 0)
		return NULL;
	made = town_open();
	pthread_rwlock_unlock(&founding);
	return made;
}

static void make_one(struct actor *actor, unsigned kind)
{
	struct tree *made = open_one(actor, kind), *none = NULL;
	if (made && !atomic_compare_exchange_strong(any_slot(actor, kind), &none, made))
		end_by(actor, kind, made);
}

static void end_one(struct actor *actor, unsigned kind)
{
	struct tree *_Atomic *slot = any_slot(actor, kind);
	bool keeps = plan.misuses && draw(actor, 3) == 0;
	struct tree *tree = keeps ? atomic_load(slot) : atomic_exchange(slot, NULL);
	if (tree)
		end_by(actor, kind, tree);
}

static void end_all(void)
{
	if (pthread_rwlock_trywrlock(&founding) != 0)
		return;
	towns_end();
	pthread_rwlock_unlock(&founding);
}

static void step(struct actor *actor);

static void call_back(void *actor)
{
	struct actor *caller = actor;
	caller->depth++;
	for (unsigned steps = 1 + draw(caller, 3); steps; steps--)
		step(caller);
	caller->depth--;
}

static void use_one(struct actor *actor, unsigned kind, bool call)
{
	struct tree *tree = atomic_load(any_slot(actor, kind));
	if (tree && call)
		kinds[kind].call(tree, call_back, actor);
	else if (tree)
		kinds[kind].touch(tree);
}

static void run(struct actor *actor)
{
	while (actor->steps--)
		step(actor);
}

static void fork_one(struct actor *actor)
{
	tree_before_fork();
	pid_t child = fork();
	tree_after_fork(child == 0);
	if (child == 0) {
		actor->steps = STEPS_OF_CHILD;
		actor->child = true;
		run(actor);
		_exit(tree_violations() ? 3 : 0);
	}
	int status;
	if (waitpid(child, &status, 0) != child || status != 0) {
		printf("a forked child ended with status %#x\n", (unsigned)status);
		fflush(stdout);
		_exit(3);
	}
}

static void step(struct actor *actor)
{
	unsigned kind = draw(actor, KINDS), what = draw(actor, 32);
	if (what < 11)
		make_one(actor, kind);
	else if (what < 22)
		use_one(actor, kind, plan.callbacks && what >= 16 && actor->depth < DEEPEST);
	else if (what < 30)
		end_one(actor, kind);
	else if (what == 30)
		sched_yield();
	else if (actor->depth == 0 && plan.ends_all && draw(actor, 8) == 0)
		end_all();
	else if (actor->depth == 0 && plan.forks && !actor->child && draw(actor, 16) == 0)
		fork_one(actor);
}

static void *act(void *actor)
{
	run(actor);
	return NULL;
}

static void play(uint64_t seed, unsigned round, unsigned steps)
{
	struct actor actors[MOST_THREADS];
	pthread_t threads[MOST_THREADS];
	for (unsigned i = 0; i < plan.threads; i++) {
		actors[i] = new_actor(seed, round * MOST_THREADS + i, steps);
		if (pthread_create(&threads[i], NULL, act, &actors[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < plan.threads; i++)
		pthread_join(threads[i], NULL);
}

/* --- what may come of it --- */

static bool uses(enum way one, enum way other)
{
	return plan.ways & (1u << one | 1u << other);
}

/* A sale that takes place against all appearances leaves orphans; so does a wreck, until it is known to have succeeded,
 * if the value has been handed out again by then. */
static void tell_outcome(void)
{
	bool crosses = plan.threads > 1 || plan.callbacks;
	bool late = crosses || plan.misuses || plan.ends_all || uses(RAZE, WRECK);
	printf("kinds leak%s%s%s%s%s\n", late ? " late-op repeat-free" : "", plan.threads > 1 ? " late-free" : "",
	       plan.callbacks ? " reentrant-free" : "",
	       uses(CLOSE, DROP) || (crosses && uses(SELL, WRECK)) ? " orphan" : "",
	       plan.forks ? " drain-timeout" : "");
	for (int depth = 0; depth < KINDS; depth++)
		printf("%s %d %d\n", (const char *[]){"town", "house", "room"}[depth], tree_made(depth),
		       tree_ended(depth));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	if (strcmp(argv[3], "full") == 0)
		forbid_membarrier();
	uint64_t seed = strtoull(argv[1], NULL, 10);
	make_plan(seed);
	for (unsigned round = 0; round < ROUNDS; round++)
		play(seed, round, (unsigned)atoi(argv[2]));
	tell_outcome();
	return tree_violations() ? 3 : 0;
}
