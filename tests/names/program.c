/* program twice: frees a handle twice, the second time in a function that is inlined. program leave: never frees it.
 * program die: is killed in the middle of a call. program linger: starts a process that frees twice once standard input
 * has ended, and leaves it behind. */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "net.h"

static inline __attribute__((always_inline)) void close_again(struct net *net)
{
	net_close(net);
	__asm__ volatile("");
}

static __attribute__((noinline)) void close_both(struct net *net)
{
	net_close(net);
	close_again(net);
	__asm__ volatile("");
}

#ifdef OWN_PEEK
int net_peek(struct net *net)
{
	return net != NULL;
}
#endif

static void die(void)
{
	kill(getpid(), SIGKILL);
}

/* True in the process that is left behind. The other one goes on when `linger_on` is called there. */
static bool leave_behind(int ends[2])
{
	char byte;

	if (pipe(ends) != 0)
		_exit(2);
	if (fork() == 0)
		return true;
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		_exit(3);
	return false;
}

static void linger_on(int pipe_end)
{
	char byte = 0;

	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	if (write(pipe_end, &byte, 1) != 1)
		_exit(4);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	bool lingers = strcmp(what, "linger") == 0;
	int ends[2];

	if (lingers && !leave_behind(ends))
		return 0;
	struct net *net = net_open();
	if (lingers)
		linger_on(ends[1]);
	if (strcmp(what, "die") == 0)
		net_use(net, die);
	if (strcmp(what, "leave") != 0)
		close_both(net);
	return 0;
}
