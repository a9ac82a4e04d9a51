/* An op that a free waits for, or that a free was left to, is left by force: by pthread_exit on another thread, by a
 * jump after the op's own callback has freed the handle. The free takes place all the same, once, there and then.
 *
 * run: HANDLEGUARD_DRAIN=wait
 * finding: late-free gate held; call gate_close in close_it on closer; op gate_call in hold on holder;
 *     create gate_open in main; drained; deadline 5000
 * finding: unwound gate held; call gate_call in hold on holder; create gate_open in main
 * finding: reentrant-free gate own; call gate_close in close_it<close_and_jump; op gate_call in jump_out;
 *     create gate_open in main; deferred
 * finding: abandoned gate own; call gate_call at jump_out; create gate_open in main
 * recording: handles.gate.freed=2
 * run: HANDLEGUARD_DRAIN=defer
 * finding: late-free gate held; call gate_close in close_it on closer; op gate_call in hold on holder;
 *     create gate_open in main; deferred
 * finding: unwound gate held; call gate_call in hold on holder; create gate_open in main
 * finding: reentrant-free gate own; call gate_close in close_it<close_and_jump; op gate_call in jump_out;
 *     create gate_open in main; deferred
 * finding: abandoned gate own; call gate_call at jump_out; create gate_open in main
 * recording: handles.gate.freed=2
 */
#include <setjmp.h>

#include "scenario.h"

static jmp_buf back;
static sem_t inside, go_on;

static void leave_when_told(void *unused)
{
	sem_post(&inside);
	sem_wait(&go_on);
	pthread_exit(unused);
}

static void hold(void *g)
{
	gate_call(g, leave_when_told, NULL);
}

static void close_and_jump(void *g)
{
	close_it(g);
	CHECK(gate_frees() == 1);
	longjmp(back, 1);
}

static void jump_out(gate *g)
{
	if (setjmp(back) == 0)
		gate_call(g, close_and_jump, g);
}

int main(void)
{
	struct side holder, closer;
	gate *held = gate_open(), *own = gate_open();
	tell("held", held);
	tell("own", own);
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	start(&holder, "holder", hold, held);
	sem_wait(&inside);
	start(&closer, "closer", close_it, held);
	if (strcmp(getenv("HANDLEGUARD_DRAIN"), "wait") == 0)
		await_drain(&closer);
	else
		join(&closer);
	sem_post(&go_on);
	join(&holder);
	if (strcmp(getenv("HANDLEGUARD_DRAIN"), "wait") == 0)
		join(&closer);
	CHECK(gate_frees() == 1);
	jump_out(own);
	CHECK(gate_frees() == 2);
	return 0;
}
