/* A thread that begins to start the guards is held up in the middle of it, for as long as it takes. Others wait for it
 * once, for a second, and then their calls go through unguarded, which is counted.
 *
 * recording: handles.gate.created=1 handles.gate.adopted=0 handles.gate.freed=1 counters.start-unfinished=>2
 * stderr: a thread that began to start the guards has not finished
 */
#include <sys/syscall.h>

#include "held_call.h"
#include "scenario.h"

static int calls;
static sem_t ready;

static void start_the_guards(void *unused)
{
	(void)unused;
	calls = hold_calls(SYS_membarrier, -1);
	sem_post(&ready);
	gate_close(gate_open());
}

int main(void)
{
	struct side starter;
	sem_init(&ready, 0, 0);
	start(&starter, "starter", start_the_guards, NULL);
	sem_wait(&ready);
	uint64_t held = await_held(calls);
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	let_held_go(calls, held);
	hold_no_more(calls);
	join(&starter);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
