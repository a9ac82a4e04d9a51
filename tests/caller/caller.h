/* What the programs share, beside what they share with the scenarios. The comment at the top of each says what must be
 * reported, in the words of tests/support/run.py; each is built without optimisation, and so that calls which end a
 * function become jumps. */
#ifndef CALLER_H
#define CALLER_H

#include <ucontext.h>

#include "cell.h"
#include "leaf.h"
#include "scenario.h"

/* Keeps the call before it from ending the function, so that it stays a call. */
#define STAY() __asm__ volatile("" ::: "memory")

bool guarding(void); /* else everything reaches the library */

/* Of a race: in guard mode nothing bad reached the library and so many frees took place; else something bad did. */
void check_cells(int frees);
void check_leaves(int frees);

/* Of a correct program: nothing bad ever reaches the library. */
void check_quiet(int frees);

/* Callbacks that stay inside until they are let go. */
int stand_still(cell *unused, void *unused_too);
void stand_still_with(void *unused);
void await_inside(void);
void let_go(void);

/* Bodies of sides. */
void use_it(void *c);  /* cell_call, and stands still in it */
void free_it(void *c); /* cell_free */

/* The user stands still inside, and the closer is about to free what it uses. In guard mode the free waits until the
 * user is let go; else it takes place before. Both sides are joined. */
void meet(struct side *user, struct side *closer);

/* Forks. In the parent, waits until the child has ended well; true: it is the child that returns. */
bool fork_off(void);

/* --- coroutines --- */

enum { COROUTINE_STACK = 128 << 10 };

struct coroutine {
	ucontext_t context, back;
	void (*run)(void *);
	void *argument;
	char stack[COROUTINE_STACK];
};

/* Runs it until it yields or ends. Whichever thread resumes it goes on with it. */
void begin(struct coroutine *coroutine, void (*run)(void *), void *argument);
void resume(struct coroutine *coroutine);
void yield(struct coroutine *coroutine);

#endif
