/* What the scenario programs share. Each begins with a comment that says what must be reported; run.py checks it. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gate.h"

/* Whether the program is to run without what makes sure of its race: with GATES_OPEN in the environment nobody parks
 * and nobody waits for another to be somewhere, so that the program sees what chance brings. */
static inline bool gates_are_open(void)
{
	return getenv("GATES_OPEN") != NULL;
}

/* What the program itself must see, if its gates are shut. A failure is told on standard output and ends the program
 * with status 3. */
#define CHECK(condition)                                                                                               \
	do                                                                                                             \
		if (!(condition) && !gates_are_open())                                                                 \
			fail(__FILE__, __LINE__, #condition);                                                          \
	while (0)

void fail(const char *file, int line, const char *condition) __attribute__((noreturn));

/* The other side of a race: a thread with a name. */
struct side {
	const char *name;
	void (*run)(void *);
	void *argument;
	pthread_t thread;
	sem_t started;
	int tid;
};

void start(struct side *side, const char *name, void (*run)(void *), void *argument);
void join(struct side *side);

/* Until the side sleeps in a free that waits for ops in flight. Only the kernel can say so: what wakes the sleeper is
 * the runtime's own business. */
void await_drain(const struct side *side);

/* Until the side sleeps for a lock that another thread has. */
void await_lock(const struct side *side);

/* Until another side has posted. */
void await_post(sem_t *post);

/* Waits until a forked child has ended, and well. */
void await_child(pid_t child);

/* Tells run.py which handle the comment means by `name`. */
void tell(const char *name, const void *handle);
void tell_number(const char *name, unsigned long handle);

/* Leaves nothing but ones where the frames of the functions that are called next will be. */
void dirty_stack(void);

void forbid_membarrier(void);
void limit_files(unsigned long bytes);

/* Callbacks of gate_call and bodies of sides. */
void wait_in(void *g);  /* gate_wait must return 2 */
void close_it(void *g); /* gate_close */

#endif
