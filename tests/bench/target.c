#include "target.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef EMBEDDED
#include "handleguard.h"
#endif

static _Atomic unsigned waiting;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate = PTHREAD_COND_INITIALIZER;
static bool gate_open;

/* What a library's makers may do about races themselves: nothing, a counter in the handle, or the guards of
 * handleguard.h. Each is a library of its own, made of this file. */
#if defined EMBEDDED

static handleguard_class targets = {.name = "target"};

#define BEGIN(target)                                                                                                  \
	handleguard_op op_here;                                                                                        \
	if (!HANDLEGUARD_ENTER((target)->guard, &op_here))                                                             \
	return 0
#define END(target)      handleguard_leave(&op_here)
#define OPENED(target)   ((target)->guard = HANDLEGUARD_CREATE(&targets, (uintptr_t)(target)))
#define MAY_FREE(target) (HANDLEGUARD_BEGIN_FREE((target)->guard) == HANDLEGUARD_DRAINED)
#elif defined COUNTED
#define BEGIN(target)    atomic_fetch_add(&(target)->in_flight, 1)
#define END(target)      atomic_fetch_sub(&(target)->in_flight, 1)
#define OPENED(target)   (void)(target)
#define MAY_FREE(target) (atomic_load(&(target)->in_flight) == 0)
#else
#define BEGIN(target)    (void)(target)
#define END(target)      (void)(target)
#define OPENED(target)   (void)(target)
#define MAY_FREE(target) true
#endif

/* A cache line each: two handles in one line would slow each other down whatever guards them. */
struct target *target_open(void)
{
	struct target *target = aligned_alloc(TARGET_CACHE_LINE, TARGET_CACHE_LINE);
	if (target) {
		*target = (struct target){.value = TARGET_VALUE};
		OPENED(target);
	}
	return target;
}

void target_free(struct target *target)
{
	if (MAY_FREE(target))
		free(target);
}

void target_retire(struct target *target)
{
	(void)target;
}

uint64_t target_op(struct target *target)
{
	BEGIN(target);
	uint64_t value = target->value;
	END(target);
	return value;
}

uint64_t target_op_words(struct target *target)
{
	return target->value;
}

struct trunk *trunk_open(void)
{
	return calloc(1, sizeof(struct trunk));
}

void trunk_free(struct trunk *trunk)
{
	free(trunk);
}

struct branch *branch_open(struct trunk *trunk)
{
	for (int i = 0; i < BRANCHES; i++)
		if (!trunk->branches[i].there) {
			trunk->branches[i].there = true;
			return &trunk->branches[i];
		}
	return NULL;
}

void branch_free(struct branch *branch)
{
	branch->there = false;
}

uint64_t target_wait(struct target *target)
{
	waiting++;
	pthread_mutex_lock(&lock);
	while (!gate_open)
		pthread_cond_wait(&gate, &lock);
	pthread_mutex_unlock(&lock);
	waiting--;
	return target->value;
}

/* The kernel names the system call that a thread sleeps in. */
static bool sleeps_on_futex(pid_t thread)
{
	char path[64], text[16] = "";
	snprintf(path, sizeof path, "/proc/self/task/%d/syscall", (int)thread);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	ssize_t size = read(file, text, sizeof text - 1);
	close(file);
	return size > 0 && atoi(text) == SYS_futex;
}

uint64_t target_wait_for_sleeper(struct target *target, pid_t sleeper)
{
	(void)target;
	waiting++;
	while (!sleeps_on_futex(sleeper))
		;
	waiting--;
	return target_now();
}

unsigned target_waiting(void)
{
	return waiting;
}

void target_open_gate(void)
{
	pthread_mutex_lock(&lock);
	gate_open = true;
	pthread_cond_broadcast(&gate);
	pthread_mutex_unlock(&lock);
}
