#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "world.h"

static _Thread_local struct thread *own;

__attribute__((noinline)) struct thread *here(void)
{
	__asm__ volatile("");
	return own;
}

struct world *this_world(void)
{
	return here()->world;
}

struct strand *this_strand(void)
{
	struct thread *self = here();
	return &self->world->model.strands[self->strand];
}

/* For the library: a thread of its own is nobody. */
int who(void)
{
	struct thread *self = here();
	return self ? 1 + self->strand + STRANDS * self->handling : 0;
}

void adopt(struct thread *self)
{
	own = self;
	self->tid = gettid();
}

static void post(struct thread *thread)
{
	sem_post(&thread->turn);
}

static void settle(struct thread *self);

static void await(struct thread *self)
{
	while (sem_wait(&self->turn) != 0)
		;
}

void await_interruption(struct thread *self)
{
	while (sem_wait(&self->interruption) != 0)
		;
	settle(self);
}

void await_turn(struct thread *self)
{
	await(self);
	settle(self);
}

/* --- threads that wait in the library --- */

/* A futex wait with a time limit: nothing else in these programs has one. */
static bool sleeps(const struct thread *thread)
{
	char path[64], line[256];
	unsigned long number, word, operation, value, limit;
	snprintf(path, sizeof path, "/proc/self/task/%d/syscall", thread->tid);
	FILE *file = fopen(path, "r");
	bool read = file && fgets(line, sizeof line, file);
	if (file)
		fclose(file);
	return read && sscanf(line, "%lu %lx %lx %lx %lx", &number, &word, &operation, &value, &limit) == 5 &&
	       number == SYS_futex && (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && limit;
}

static void await_sleep(const struct thread *thread)
{
	while (!sleeps(thread))
		sched_yield();
}

static void note_wait(struct thread *thread)
{
	struct strand *strand = &thread->world->model.strands[thread->strand];
	thread->waits = true;
	thread->waits_for = top_of(strand)->call.subject;
}

/* Lets a thread that was woken come to where the program goes on. */
static void receive(struct thread *self, struct thread *woken)
{
	if (!woken->waits || woken == self)
		return;
	if (self->world->model.strands[woken->strand].event == BLOCKS) {
		/* What its free calls waits in its turn. */
		while (!casks_being_freed(casks_at(&self->world->cellar, (unsigned)woken->waits_for)))
			sched_yield();
		await_sleep(woken);
		note_wait(woken);
		return;
	}
	woken->granter = self;
	post(woken);
	await(self);
}

static void settle(struct thread *self)
{
	struct world *world = self->world;
	struct thread *falling = world->falling;
	if (falling) {
		world->falling = NULL;
		await_sleep(falling);
	}
	while (world->settled < world->model.woken_count)
		receive(self, &world->threads[world->model.woken[world->settled++]]);
	world->settled = world->model.woken_count = 0;
	casks_settle(&world->cellar);
}

static void give_back(struct thread *self)
{
	struct thread *granter = self->granter;
	if (!granter)
		return;
	self->granter = NULL;
	post(granter);
	await_turn(self);
}

/* --- turns --- */

static struct thread *another(struct thread *self)
{
	struct world *world = self->world;
	unsigned from = draw(world, world->model.threads);
	for (unsigned i = 0; i < world->model.threads; i++) {
		struct thread *next = &world->threads[(from + i) % world->model.threads];
		if (next != self && model_can_move(&world->model, next->index))
			return next;
	}
	return NULL;
}

void give_turn_on(void)
{
	struct thread *self = here(), *next = another(self);
	if (!next || self->handling)
		return;
	post(next);
	await_turn(self);
}

void hand_turn_over(void)
{
	struct thread *self = here(), *next = another(self);
	if (!next)
		fault("nobody can move on");
	note_wait(self);
	self->world->falling = self;
	trace("thread %d is to wait", self->index);
	post(next);
}

bool finish_thread(void)
{
	struct thread *self = here(), *next = another(self);
	struct world *world = self->world;
	if (!next && !world->finishing)
		return false;
	world->model.done[self->index] = true;
	if (next)
		post(next);
	else
		sem_post(&world->over);
	return next;
}

/* --- back in the program --- */

static void check_truth(const struct world *world)
{
	const struct cellar *cellar = &world->cellar;
	if (cellar->harmed)
		fault("a call of the library's own was rejected, or a bell rung that is freed");
	if (cellar->bad && !world->model.observes) {
		int place = casks_index(cellar, cellar->log[0].vessel);
		fault("reached the library: %s, place %d", cellar->log[0].what, place);
	}
}

void arrive(enum event event, int value)
{
	static const char *const events[] = {"returns", "calls back", "waits"};
	struct thread *self = here();
	if (self->waits)
		await(self);
	self->waits = false;
	struct strand *strand = this_strand();
	int expected = event == RETURNS ? strand->result : strand->serial;
	self->world->progress++;
	trace("thread %d, strand %d: %s with %d", self->index, self->strand, events[event], value);
	check_truth(self->world);
	if (strand->event != event || expected != value)
		fault("thread %d, strand %d: %s with %d, and should: %s with %d", self->index, self->strand,
		      events[event], value, events[strand->event], expected);
	settle(self);
	check_truth(self->world);
	give_back(self);
}

/* --- signals --- */

/* Runs a handler on another thread, wherever that is: in a free that waits, or without its turn. */
void interrupt(struct thread *other, int number)
{
	struct thread *self = here();
	other->interrupter = self;
	if (pthread_kill(other->thread, number) != 0)
		fault("a thread is gone");
	sem_post(&other->interruption);
	await(self);
}
