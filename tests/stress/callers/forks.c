/* Children of the program: copies of it with the one thread that forked, which goes on inside the calls that it is in,
 * and ends when it has returned from them. The parent waits meanwhile, so that a world's random numbers still say all
 * that it does. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world.h"

enum { FORKS = 6, DEEPEST = 60, STEPS = 12 };

/* What other threads and coroutines are in nobody would go on with, and a create's handle would be made twice. */
static bool can_have_child(const struct world *world, const struct thread *self)
{
	for (int i = 0; i < STRANDS; i++) {
		const struct strand *strand = &world->model.strands[i];
		for (int at = 0; strand->exists && at < strand->depth; at++) {
			const struct frame *frame = &strand->frames[at];
			bool inherited = i == self->strand && frame->thread == self->index;
			if (frame->kind == CALLING && (!inherited || frame->call.makes != NOBODY))
				return false;
		}
	}
	return world->is_alone && world->forks < FORKS && !world->falling && !world->cellar.helper_count &&
	       world->model.strands[self->strand].depth < DEEPEST;
}

/* The child tells only of itself. */
static void become_child(struct world *world, struct thread *self)
{
	struct model *model = &world->model;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	self->tid = gettid();
	world->is_child = true;
	world->random ^= UINT64_C(0x94d049bb133111eb);
	world->steps = 1 + draw(world, STEPS);
	for (int i = 0; i < model->threads; i++)
		model->done[i] = i != self->index;
	model->expected_count = model->left_calls = model->told_left = model->nulls = model->strays = 0;
	world->cellar.bad = world->cellar.lids = 0;
	forget_asides(world);
	inherit_deeds(world);
	for (int i = 0; i < CLASSES; i++) {
		model->left_frees[i] = model->left_makes[i] = 0;
		world->cellar.made[i] = world->cellar.ended[i] = 0;
	}
}

bool have_child(void)
{
	struct thread *self = here();
	struct world *world = self->world;
	int status = 0;
	if (!can_have_child(world, self))
		return false;
	world->forks++;
	world->model.happened[F_FORK]++;
	leave_deed(world);
	fflush(stdout);
	trace("thread %d, strand %d: has a child", self->index, self->strand);
	pid_t child = fork();
	if (child == 0)
		become_child(world, self);
	else if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		fault("a child ended with %d", status);
	return true;
}

void end_child(struct world *world)
{
	tell_outcome(world);
	puts("over");
	fflush(stdout);
	_exit(0);
}
