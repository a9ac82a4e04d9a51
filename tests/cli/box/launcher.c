/* launcher FUNCTION empty|whole PROGRAM: starts a program by that function of the C library, with an
 * environment that is empty or its own. A vfork child is between the two where the function replaces its caller. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *nothing[] = {NULL};

static void replace(const char *function, char **arguments, char **environment)
{
	const char *program = arguments[0];

	if (strcmp(function, "execve") == 0)
		execve(program, arguments, environment);
	if (strcmp(function, "execv") == 0)
		execv(program, arguments);
	if (strcmp(function, "execvp") == 0)
		execvp(program, arguments);
	if (strcmp(function, "execvpe") == 0)
		execvpe(program, arguments, environment);
	if (strcmp(function, "execl") == 0)
		execl(program, program, (char *)NULL);
	if (strcmp(function, "execlp") == 0)
		execlp(program, program, (char *)NULL);
	if (strcmp(function, "execle") == 0)
		execle(program, program, (char *)NULL, environment);
	if (strcmp(function, "fexecve") == 0)
		fexecve(open(program, O_RDONLY | O_CLOEXEC), arguments, environment);
	if (strcmp(function, "execveat") == 0)
		execveat(AT_FDCWD, program, arguments, environment, 0);
}

static int spawned(const char *function, char **arguments, char **environment)
{
	int status = 1;
	pid_t child = 0;

	if (strcmp(function, "system") == 0)
		return system(arguments[0]);
	if (strcmp(function, "popen") == 0)
		return pclose(popen(arguments[0], "r"));
	if (strcmp(function, "posix_spawn") == 0)
		posix_spawn(&child, arguments[0], NULL, NULL, arguments, environment);
	else if (strcmp(function, "posix_spawnp") == 0)
		posix_spawnp(&child, arguments[0], NULL, NULL, arguments, environment);
	else if ((child = vfork()) == 0) {
		replace(function, arguments, environment);
		_exit(111);
	}
	return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	char **environment = strcmp(argv[2], "empty") == 0 ? nothing : environ;
	environ = environment;
	int status = spawned(argv[1], argv + 3, environment);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 9;
}
