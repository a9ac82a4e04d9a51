/* The stacks of a coroutine and of a signal handler lie in the frame of a function of their thread, above the op that
 * is in flight when they run and call the library. The op is not over: a free by another thread waits for it.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op cell_call in use_it_all on user; create
 *     cell_new in main; drained
 * recording: handles.cell.freed=2
 */
#define _GNU_SOURCE
#include <signal.h>

#include "caller.h"

static cell *other;

static void touch_other(void *unused)
{
	(void)unused;
	CHECK(cell_touch(other) == 1);
}

static void handle(int number)
{
	(void)number;
	touch_other(NULL);
}

static int use_other_stacks(cell *c, void *routine)
{
	begin(routine, touch_other, NULL);
	CHECK(raise(SIGUSR1) == 0);
	return stand_still(c, NULL);
}

static void use_it_all(void *c)
{
	struct coroutine routine;
	char stack[64 << 10];
	CHECK(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL) == 0);
	CHECK(cell_call(c, use_other_stacks, &routine) == 1);
	CHECK(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL) == 0);
}

int main(void)
{
	struct side user, closer;
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	cell *c = cell_new();
	other = cell_new();
	tell("c", c);
	start(&user, "user", use_it_all, c);
	await_inside();
	start(&closer, "closer", free_it, c);
	meet(&user, &closer);
	CHECK(cell_free(other) == 0);
	check_cells(2);
	return 0;
}
