/* Three threads in ops, a fourth in a free that drains, and a finding made: then the end, as the argument says.
 *   kill: SIGKILL, here and now
 *   exec: the process becomes another run of this program, which ends by `kill`
 *   wait: once a line comes in, everything is let go and the process exits */
#define _GNU_SOURCE
#include <signal.h>

#include "scenario.h"

static gate *g, *other;

static void splice(void *unused)
{
	(void)unused;
	CHECK(gate_splice(g, other) == 5);
}

static void nest(void *unused)
{
	(void)unused;
	CHECK(gate_call(other, wait_in, g) == 4);
}

static void close_again(gate *freed)
{
	gate_close(freed);
}

static void free_twice(void)
{
	gate *freed = gate_open();
	tell("freed", freed);
	gate_close(freed);
	close_again(freed);
}

int main(int count, char **arguments)
{
	struct side first, second, third, closer;
	CHECK(count == 2);
	g = gate_open();
	other = gate_open();
	tell("g", g);
	tell("other", other);
	free_twice();
	start(&first, "first", wait_in, g);
	start(&second, "second", splice, NULL);
	start(&third, "third", nest, NULL);
	gate_await_parked(g, 3);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	if (strcmp(arguments[1], "kill") == 0)
		CHECK(raise(SIGKILL) == 0);
	if (strcmp(arguments[1], "exec") == 0)
		CHECK(execl(arguments[0], arguments[0], "kill", (char *)NULL) == 0);
	puts("parked");
	fflush(stdout);
	CHECK(getchar() == '\n');
	gate_let_go(g);
	join(&first);
	join(&second);
	join(&third);
	join(&closer);
	gate_close(other);
	CHECK(gate_frees() == 3 && gate_violations() == 0);
	return 0;
}
