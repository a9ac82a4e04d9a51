/* Makes and frees handles, races on them, makes findings and threads, until it is killed. Every kind of finding comes
 * from one constellation of functions only, so that a finding of mixed parts would show. */
#include "scenario.h"

enum { PASSERS = 20 };

static gate *_Atomic shared;

/* repeat-free: made by gate_make, freed by gate_try_close, again by gate_close_at. */
static void free_twice(void *unused)
{
	(void)unused;
	for (;;) {
		gate *g = NULL;
		CHECK(gate_make(false, &g) == 0 && gate_try_close(g) == 0);
		gate_close_at(&g);
	}
}

static void pass_by(void *unused)
{
	(void)unused;
	gate_touch(shared);
}

/* late-op: made by gate_open, freed by gate_close, then gate_touch; late-free of gate_close against gate_touch. */
static void come_and_go(void *unused)
{
	(void)unused;
	for (;;) {
		struct side passers[PASSERS];
		for (int i = 0; i < PASSERS; i++)
			start(&passers[i], "passer-by", pass_by, NULL);
		for (int i = 0; i < PASSERS; i++)
			join(&passers[i]);
	}
}

static void replace(void)
{
	gate *old = atomic_exchange(&shared, gate_open());
	gate_close(old);
	gate_touch(old);
}

int main(void)
{
	struct side doubler, spawner;
	shared = gate_open();
	start(&doubler, "doubler", free_twice, NULL);
	start(&spawner, "spawner", come_and_go, NULL);
	for (long rounds = 0;; rounds++) {
		replace();
		if (rounds == 0) {
			puts("busy");
			fflush(stdout);
		}
	}
}
