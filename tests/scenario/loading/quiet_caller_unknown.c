/* Two threads call from an object that has just been loaded. One is held up while it looks at the objects; the other
 * does not wait for ever to learn from which object its call came, and says that it does not know.
 *
 * run: HANDLEGUARD_STACKS=off
 * recording: handles.share.created=1 handles.share.freed=1 counters.callers-unknown=1
 */
#include <dlfcn.h>
#include <signal.h>
#include <sys/syscall.h>

#include "held_call.h"
#include "scenario.h"

static int calls;
static sem_t ready;
static void *(*borrow)(void *(*)(void *), void *);

static void *take(void *share)
{
	return gate_share_ref(share);
}

/* Signals are blocked for each look, without stacks for no other reason: first to see that there is something new. */
static void borrow_held(void *share)
{
	calls = hold_calls(SYS_rt_sigprocmask, SIG_BLOCK);
	sem_post(&ready);
	CHECK(borrow((void *(*)(void *))gate_share_ref, share) == share);
}

int main(void)
{
	struct side borrower;
	gate_share *share = gate_share_new();
	CHECK(take(share) == share);
	*(void **)&borrow = dlsym(dlopen(BORROWER, RTLD_NOW), "borrow");
	CHECK(borrow);
	sem_init(&ready, 0, 0);
	start(&borrower, "borrower", borrow_held, share);
	sem_wait(&ready);
	let_held_go(calls, await_held(calls));
	uint64_t held = await_held(calls);
	CHECK(borrow((void *(*)(void *))gate_share_ref, share) == share);
	let_held_go(calls, held);
	hold_no_more(calls);
	join(&borrower);
	for (int i = 0; i < 4; i++)
		gate_share_unref(share);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
