/* Programs that posix_spawn starts: the one that uses the library has its own recording, because the environment says
 * so; the one that does not leaves none.
 *
 * recordings: 2
 * recording: handles.gate.created=1 handles.gate.freed=1 counters.forks=0
 * child: handles.gate.created=2 handles.gate.freed=2 counters.forks=0
 */
#include <spawn.h>

#include "scenario.h"

extern char **environ;

static void run(char *path, char *argument)
{
	char *const arguments[] = {path, argument, NULL};
	pid_t child;
	CHECK(posix_spawn(&child, path, NULL, NULL, arguments, environ) == 0);
	await_child(child);
}

int main(int count, char **arguments)
{
	gate *g = gate_open();
	if (count > 1) {
		gate_close(gate_open());
	} else {
		static char other[] = "/bin/true", again[] = "again";
		run(other, NULL);
		run(arguments[0], again);
	}
	gate_close(g);
	return 0;
}
