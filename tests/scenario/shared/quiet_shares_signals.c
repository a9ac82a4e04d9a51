/* A signal handler takes and drops references on the handle that the interrupted code is taking and dropping some on,
 * wherever in a guarded call it strikes: no count is lost.
 *
 * recording: handles.share.created=1 handles.share.freed=1
 */
#define _GNU_SOURCE
#include <signal.h>

#include "scenario.h"

enum { ROUNDS = 3000 };

static gate_share *share;
static _Atomic bool done;

static void handle(int signal)
{
	(void)signal;
	int saved = errno;
	CHECK(gate_share_ref(share) == share);
	gate_share_unref(share);
	errno = saved;
}

static void strike(void *victim)
{
	while (!done)
		CHECK(pthread_kill(*(pthread_t *)victim, SIGUSR1) == 0);
}

int main(void)
{
	struct side striker;
	pthread_t self = pthread_self();
	share = gate_share_new();
	CHECK(gate_share_ref(share) == share); /* handlers bind nothing */
	gate_share_unref(share);
	CHECK(signal(SIGUSR1, handle) != SIG_ERR);
	start(&striker, "striker", strike, &self);
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(gate_share_ref(share) == share);
		gate_share_unref(share);
	}
	done = true;
	join(&striker);
	signal(SIGUSR1, SIG_IGN);
	CHECK(gate_frees() == 0);
	gate_share_unref(share);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
