/* A fork is held up in the middle, for as long as it takes. A call that has to look at the loaded objects waits for it
 * once, for a second, and goes on; later ones do not wait again.
 *
 * recording: handles.gate.created=1 handles.gate.freed=1 counters.fork-impatient=1
 */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "held_call.h"
#include "scenario.h"

static int calls;
static sem_t ready;

static void fork_once(void *unused)
{
	(void)unused;
	calls = hold_calls(SYS_clone, -1);
	sem_post(&ready);
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	await_child(child);
}

/* The first calls of these functions look for them. Nothing may be allocated here: the fork has malloc's locks. */
int main(void)
{
	struct side forker;
	gate *g = gate_open();
	sem_init(&ready, 0, 0);
	start(&forker, "forker", fork_once, NULL);
	sem_wait(&ready);
	uint64_t held = await_held(calls);
	CHECK(gate_touch(g) == 1);
	CHECK(gate_wake(g) == 3);
	let_held_go(calls, held);
	join(&forker);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
