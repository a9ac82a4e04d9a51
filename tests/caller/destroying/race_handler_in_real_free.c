/* A signal strikes a thread in the middle of a real free; the handler, which is no part of the teardown, uses the
 * handle and frees it. So it does on a stack of its own.
 *
 * finding: late-op cell any x2; call cell_touch in handle; free cell_free in free_it; create cell_new in be_struck
 * finding: repeat-free cell any x2; call cell_free in handle; free cell_free in free_it; create cell_new in
 *     be_struck
 * observed: same
 * recording: handles.cell.freed=2
 */
#define _GNU_SOURCE
#include <signal.h>

#include "caller.h"

static cell *c;

static void handle(int number)
{
	(void)number;
	CHECK(cell_touch(c) == (guarding() ? -1 : 1));
	cell_free(c);
	STAY();
}

static int strike(cell *unused, void *unused_too)
{
	(void)unused;
	(void)unused_too;
	CHECK(raise(SIGUSR1) == 0);
	return 0;
}

static void be_struck(int flags)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = flags};
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	c = cell_new();
	CHECK(cell_on_free(c, strike, NULL) == 1);
	free_it(c);
}

int main(void)
{
	static char stack[64 << 10];
	CHECK(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL) == 0);
	be_struck(0);
	be_struck(SA_ONSTACK);
	check_cells(2);
	return 0;
}
