/* An address is handed out again while a thread still uses the old handle. Nobody can tell its calls from rightful ones
 * by the value alone: they pass, and what they lead to looks like a mistake of the new handle's owner. The findings say
 * whose thread had last seen the older one.
 *
 * finding: late-free gate g g2; call gate_close in close_it on closer; op gate_wait in use_old on stale older;
 *     create gate_open in open_again<main; drained
 * finding: repeat-free gate g g3; call gate_close in main; free gate_close in use_old on stale older;
 *     create gate_open in open_again<main
 * recording: counters.older-forgotten=0
 */
#include "scenario.h"

static gate *g;
static sem_t go_on, done;

static void await(sem_t *word)
{
	CHECK(sem_wait(word) == 0);
}

/* What the program does with a handle that is its own. */
static void open_again(void)
{
	CHECK(gate_open() == g);
	CHECK(gate_touch(g) == 1);
}

static void use_old(void *unused)
{
	(void)unused;
	CHECK(gate_touch(g) == 1);
	sem_post(&done);
	await(&go_on);
	CHECK(gate_wait(g) == 2);
	sem_post(&done);
	await(&go_on);
	gate_close(g);
}

int main(void)
{
	struct side stale, closer;
	gate_recycle(true);
	CHECK(sem_init(&go_on, 0, 0) == 0 && sem_init(&done, 0, 0) == 0);
	g = gate_open();
	tell("g", g);
	start(&stale, "stale", use_old, NULL);
	await(&done);
	gate_close(g);
	open_again();
	sem_post(&go_on);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	gate_let_go(g);
	join(&closer);
	await(&done);
	open_again();
	sem_post(&go_on);
	join(&stale);
	gate_close(g);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
