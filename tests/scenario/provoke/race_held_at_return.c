/* A call tells another thread by its callback that the handle is needed no more, and that one frees it: before the call
 * has returned, if it likes. Asked for, the call is held back on its way out until the free has come: that is a
 * warning, which fails no run, since some libraries allow it. Not asked for, it is not held there, and nothing is told,
 * although it is held everywhere else.
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_POINTS=l HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_DELAY_MS=60000
 * finding: free-at-return gate g; call gate_close in close_it<end; op gate_call in call on user; create gate_open in main;
 *     drained
 *
 * run: HANDLEGUARD_MODE=abort HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_POINTS=l HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_DELAY_MS=60000
 * finding: free-at-return gate g; call gate_close in close_it<end; op gate_call in call on user; create gate_open in main;
 *     drained
 *
 * run: HANDLEGUARD_PROVOKE=on HANDLEGUARD_PROVOKE_POINTS=bifa HANDLEGUARD_PROVOKE_BUDGET=100 HANDLEGUARD_PROVOKE_DELAY_MS=2
 */
#include "scenario.h"

#include <time.h>

enum { ORDERED = 2 }; /* the first shows that threads share such handles, the second which calls come near */

static sem_t done, closed;

static void say_done(void *unused)
{
	(void)unused;
	sem_post(&done);
}

/* Sleeps afterwards as one that is held does. */
static void call(void *g)
{
	CHECK(gate_call(g, say_done, NULL) == 4);
	while (sem_timedwait(&closed, &(struct timespec){.tv_sec = INT32_MAX}) != 0)
		;
}

static void end(void *g)
{
	close_it(g);
}

int main(void)
{
	CHECK(sem_init(&done, 0, 0) == 0 && sem_init(&closed, 0, 0) == 0);
	for (int i = 0; i <= ORDERED; i++) {
		struct side user;
		gate *g = gate_open();
		if (i == ORDERED)
			tell("g", g);
		start(&user, "user", call, g);
		sem_wait(&done);
		await_drain(&user);
		end(g);
		sem_post(&closed);
		join(&user);
	}
	CHECK(gate_violations() == 0);
	return 0;
}
