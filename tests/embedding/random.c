/* Random programs of a library that guards itself: threads that come and go use handles, free them and make the next
 * life of each value, some ops inside others, some frees left to the last op, signal handlers in between. In an op the
 * handle must be alive, and when it is torn down nobody may be in an op of it.
 *
 * Usage: random SEED [fenced]    (fenced: without membarrier, where each op is a call) */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "filter.h"
#include "handleguard.h"

#define CHECK(true_it_is)                                                                                              \
	((true_it_is) ? (void)0                                                                                        \
	              : (fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #true_it_is), abort()))

enum { THREADS = 4, TIMES = 6, HANDLES = 12, STEPS = 1500, DEEPEST = 4 };

static handleguard_class waited_for = {.name = "waited for", .deadline_ms = 60000, .drain = HANDLEGUARD_DRAIN_WAIT};
static handleguard_class left_to_ops = {.name = "left to ops", .deadline_ms = 60000, .drain = HANDLEGUARD_DRAIN_DEFER};

struct handle {
	handleguard *_Atomic guard;
	_Atomic bool alive;
	_Atomic int inside;
};

static struct handle handles[HANDLES];
static _Atomic unsigned long entered, refused, freed, deferred, interrupted;

/* George Marsaglia's xorshift (2003); a state a thread. */
static __thread uint64_t state;

static unsigned below(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 16) % limit;
}

static bool is_left_to_ops(const struct handle *handle)
{
	return (handle - handles) % 2;
}

/* The value's next life. */
static void begin_life(struct handle *handle)
{
	handle->alive = true;
	handle->guard = HANDLEGUARD_CREATE(is_left_to_ops(handle) ? &left_to_ops : &waited_for, handle);
	CHECK(handle->guard);
}

static void tear_down(void *argument)
{
	struct handle *handle = argument;
	CHECK(handle->inside == 0);
	handle->alive = false;
	freed++;
	begin_life(handle);
}

static void free_one(unsigned depth)
{
	struct handle *handle = &handles[below(HANDLES)];
	if (is_left_to_ops(handle))
		deferred += HANDLEGUARD_FREE(handle->guard, tear_down, handle) == HANDLEGUARD_DEFERRED;
	else if (depth == 0 && HANDLEGUARD_BEGIN_FREE(handle->guard) == HANDLEGUARD_DRAINED)
		tear_down(handle); /* from within an op threads could wait for each other */
}

static void use(unsigned depth);

static void do_something(unsigned depth)
{
	switch (below(8)) {
	case 0:
		sched_yield();
		break;
	case 1:
		free_one(depth);
		break;
	case 2:
	case 3:
		if (depth < DEEPEST)
			use(depth);
	}
}

static void check_in(const struct handle *handle)
{
	CHECK(handle->alive && handle->inside > 0);
}

/* Two ops, one inside the other or not, which leave in any order. */
static void use(unsigned depth)
{
	struct handle *one = &handles[below(HANDLES)], *other = &handles[below(HANDLES)];
	handleguard_op first, second;
	if (!HANDLEGUARD_ENTER(one->guard, &first)) {
		refused++;
		return;
	}
	one->inside++;
	entered++;
	do_something(depth + 1);
	check_in(one);
	bool in_both = below(2) && HANDLEGUARD_ENTER(other->guard, &second);
	if (in_both) {
		other->inside++;
		do_something(depth + 1);
		check_in(other);
	}
	bool early = below(4) == 0;
	one->inside -= early;
	if (early)
		handleguard_leave(&first);
	if (in_both) {
		check_in(other);
		other->inside--;
		handleguard_leave(&second);
	}
	one->inside -= !early;
	if (!early)
		handleguard_leave(&first);
}

static void interrupt(int number)
{
	(void)number;
	uint64_t before = state;
	handleguard_op op;
	struct handle *handle = &handles[interrupted++ % HANDLES];
	if (HANDLEGUARD_ENTER(handle->guard, &op)) {
		handle->inside++;
		check_in(handle);
		handle->inside--;
		handleguard_leave(&op);
	}
	state = before;
}

static void *run(void *seed)
{
	state = (uint64_t)(uintptr_t)seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (unsigned i = 0; i < STEPS; i++)
		below(16) ? use(0) : free_one(0);
	return NULL;
}

/* Each thread's place is taken by the next one, so that contexts are used again. */
static void *run_several(void *seed)
{
	for (uintptr_t i = 0; i < TIMES; i++) {
		pthread_t one;
		CHECK(pthread_create(&one, NULL, run, (void *)((uintptr_t)seed * 1000 + i)) == 0);
		for (int times = 0; times < 20; times++) {
			pthread_kill(one, SIGUSR1);
			sched_yield();
		}
		CHECK(pthread_join(one, NULL) == 0);
	}
	return NULL;
}

int main(int count, char **arguments)
{
	uintptr_t seed = count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
	pthread_t threads[THREADS];
	if (count > 2 && strcmp(arguments[2], "fenced") == 0)
		CHECK(
		    filter_call(&(struct filtered_call){.number = SYS_membarrier, .action = SECCOMP_RET_ERRNO | EPERM},
		                0) == 0);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = interrupt, .sa_flags = SA_RESTART}, NULL);
	for (struct handle *handle = handles; handle < handles + HANDLES; handle++)
		begin_life(handle);
	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, run_several, (void *)(seed * THREADS + i + 1)) == 0);
	for (unsigned i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	for (const struct handle *handle = handles; handle < handles + HANDLES; handle++)
		CHECK(handle->inside == 0);
	printf("%lu ops, %lu refused, %lu lives, %lu frees left to an op, %lu signals\n", entered, refused, freed,
	       deferred, interrupted);
	CHECK(entered && freed && deferred && interrupted);
	return 0;
}
