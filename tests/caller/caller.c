#include "caller.h"

bool guarding(void)
{
	const char *mode = getenv("HANDLEGUARD_MODE");
	return !mode || strcmp(mode, "observe") != 0;
}

static void check_library(int faults, int frees, int expected)
{
	CHECK(guarding() ? faults == 0 : faults > 0);
	CHECK(!guarding() || frees == expected);
}

void check_cells(int frees)
{
	check_library(cell_faults(), cell_frees(), frees);
}

void check_leaves(int frees)
{
	check_library(leaf_faults(), leaf_frees(), frees);
}

void check_quiet(int frees)
{
	CHECK(cell_faults() == 0 && leaf_faults() == 0);
	CHECK(cell_frees() + leaf_frees() == frees);
}

/* --- standing still --- */

static sem_t inside, may_go;

__attribute__((constructor)) static void prepare(void)
{
	sem_init(&inside, 0, 0);
	sem_init(&may_go, 0, 0);
}

void stand_still_with(void *unused)
{
	(void)unused;
	sem_post(&inside);
	sem_wait(&may_go);
}

int stand_still(cell *unused, void *unused_too)
{
	(void)unused;
	stand_still_with(unused_too);
	return 0;
}

void await_inside(void)
{
	sem_wait(&inside);
}

void let_go(void)
{
	sem_post(&may_go);
}

void use_it(void *c)
{
	CHECK(cell_call(c, stand_still, NULL) == 1);
}

void free_it(void *c)
{
	CHECK(cell_free(c) == 0);
}

void meet(struct side *user, struct side *closer)
{
	if (guarding())
		await_drain(closer);
	else
		join(closer);
	let_go();
	join(user);
	if (guarding())
		join(closer);
}

bool fork_off(void)
{
	pid_t child = fork();
	if (child != 0)
		await_child(child);
	return child == 0;
}

/* --- coroutines --- */

static void coroutine_main(unsigned high, unsigned low)
{
	struct coroutine *self = (struct coroutine *)((unsigned long)high << 32 | low);
	self->run(self->argument);
	setcontext(&self->back);
}

void begin(struct coroutine *coroutine, void (*run)(void *), void *argument)
{
	unsigned long self = (unsigned long)coroutine;
	coroutine->run = run;
	coroutine->argument = argument;
	CHECK(getcontext(&coroutine->context) == 0);
	coroutine->context.uc_stack.ss_sp = coroutine->stack;
	coroutine->context.uc_stack.ss_size = COROUTINE_STACK;
	makecontext(&coroutine->context, (void (*)(void))coroutine_main, 2, (unsigned)(self >> 32), (unsigned)self);
	resume(coroutine);
}

void resume(struct coroutine *coroutine)
{
	CHECK(swapcontext(&coroutine->back, &coroutine->context) == 0);
}

void yield(struct coroutine *coroutine)
{
	CHECK(swapcontext(&coroutine->context, &coroutine->back) == 0);
}
