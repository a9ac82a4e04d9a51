/* Handles by pointer, their children and tokens, and what a library does inside. */
#include "gate.h"

#include <stdlib.h>

#include "box.h"

struct gate {
	struct box box;
};

struct gate_child {
	struct box box;
};

struct gate_token {
	struct box box;
};

/* One at a time: boxes are all alike, so that any kind of handle can be made of any freed one. */
struct worker {
	gate *of;
	pthread_t thread;
	sem_t asked, answered;
	bool stop;
};

static struct worker worker;

gate *gate_open(void)
{
	return (gate *)box_new();
}

int gate_make(bool fail, gate **out)
{
	*out = fail ? (gate *)0x1 : (gate *)box_new();
	return fail ? -1 : 0;
}

int gate_fill(gate **at)
{
	if (!*at)
		return gate_make(false, at);
	gate_touch(*at);
	return 0;
}

int gate_touch(gate *g)
{
	box_enter(&g->box);
	box_leave(&g->box);
	return 1;
}

int gate_wait(gate *g)
{
	box_enter(&g->box);
	box_park(&g->box);
	box_leave(&g->box);
	return 2;
}

int gate_wake(gate *g)
{
	box_enter(&g->box);
	box_let_go(&g->box);
	box_leave(&g->box);
	return 3;
}

int gate_call(gate *g, void (*callback)(void *), void *argument)
{
	box_enter(&g->box);
	callback(argument);
	box_leave(&g->box);
	return 4;
}

int gate_splice(gate *a, gate *b)
{
	box_enter(&a->box);
	box_enter(&b->box);
	box_park(&a->box);
	box_leave(&b->box);
	box_leave(&a->box);
	return 5;
}

void gate_close(gate *g)
{
	if (g)
		box_free(&g->box);
}

void gate_close_at(gate **g)
{
	gate_forget(*g);
	*g = NULL;
}

int gate_try_close(gate *g)
{
	if (g->box.busy)
		return 16;
	box_free(&g->box);
	return 0;
}

gate *gate_open_with(void (*callback)(void *), void *argument)
{
	callback(argument);
	return (gate *)box_new();
}

void gate_close_with(gate *g, void (*callback)(void *), void *argument)
{
	callback(argument);
	box_free(&g->box);
}

/* --- inside --- */

enum { ROUNDS = 100 };

static void *work(void *unused)
{
	(void)unused;
	for (;;) {
		sem_wait(&worker.asked);
		if (worker.stop)
			return NULL;
		gate_touch(worker.of);
		sem_post(&worker.answered);
	}
}

int gate_start_worker(gate *g)
{
	worker.of = g;
	worker.stop = false;
	sem_init(&worker.asked, 0, 0);
	sem_init(&worker.answered, 0, 0);
	return pthread_create(&worker.thread, NULL, work, NULL);
}

static void ask_worker(void)
{
	sem_post(&worker.asked);
	sem_wait(&worker.answered);
}

/* The worker and the teardown use the handle while it is being freed; they know what they do. */
int gate_destroy(gate *g)
{
	for (int i = 0; i < ROUNDS; i++) {
		gate_touch(g);
		ask_worker();
	}
	gate_wake(g);
	worker.stop = true;
	sem_post(&worker.asked);
	pthread_join(worker.thread, NULL);
	gate_close(g);
	return 0;
}

/* --- children --- */

gate_child *gate_child_open(gate *parent)
{
	box_enter(&parent->box);
	box_leave(&parent->box);
	return (gate_child *)box_new();
}

int gate_child_touch(gate_child *child)
{
	box_enter(&child->box);
	box_leave(&child->box);
	return 1;
}

int gate_child_wait(gate_child *child)
{
	box_enter(&child->box);
	box_park(&child->box);
	box_leave(&child->box);
	return 2;
}

void gate_child_close(gate_child *child)
{
	box_free(&child->box);
}

/* --- tokens --- */

gate_token *gate_token_open(void)
{
	return (gate_token *)box_new();
}

int gate_token_touch(gate_token *token)
{
	box_enter(&token->box);
	box_leave(&token->box);
	return 1;
}

void gate_token_close(gate_token *token)
{
	box_free(&token->box);
}

/* --- the test's hands --- */

gate *gate_open_unseen(void)
{
	return (gate *)box_new();
}

void gate_await_parked(gate *g, int count)
{
	box_await_parked(&g->box, count);
}

void gate_let_go(gate *g)
{
	box_let_go(&g->box);
}

void gate_hold(gate *g)
{
	g->box.open = false;
}

void gate_child_await_parked(gate_child *child)
{
	box_await_parked(&child->box, 1);
}

void gate_child_let_go(gate_child *child)
{
	box_let_go(&child->box);
}

void gate_set_busy(gate *g, bool busy)
{
	g->box.busy = busy;
}

void gate_forget(gate *g)
{
	box_free(&g->box);
}
