/* What a process has but one of is the program's own: signal handlers and masks, threads, environment, working
 * directory, file mode mask, errno, buffered output. A finding is written in between.
 *
 * finding: late-op gate g; call gate_touch in use; free gate_close in use; create gate_open in use
 * recording: handles.gate.freed=1
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>

#include "scenario.h"

extern char **environ;

struct process {
	char cwd[4096], environment[1 << 16];
	char **environ_at;
	struct sigaction actions[65];
	sigset_t mask, pending;
	int threads;
	mode_t file_mode;
};

static int count_threads(void)
{
	int count = 0;
	DIR *folder = opendir("/proc/self/task");
	CHECK(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void look(struct process *process)
{
	memset(process, 0, sizeof *process);
	CHECK(getcwd(process->cwd, sizeof process->cwd));
	process->environ_at = environ;
	for (char **pair = environ; *pair; pair++)
		strncat(process->environment, *pair, sizeof process->environment - strlen(process->environment) - 1);
	for (int number = 1; number < 65; number++)
		sigaction(number, NULL, &process->actions[number]);
	CHECK(pthread_sigmask(SIG_SETMASK, NULL, &process->mask) == 0 && sigpending(&process->pending) == 0);
	process->threads = count_threads();
	process->file_mode = umask(0);
	umask(process->file_mode);
}

static void use(void)
{
	errno = ENOTTY;
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_touch(g) == -EPIPE);
	CHECK(errno == ENOTTY);
	tell("g", g);
}

int main(void)
{
	static struct process before, after;
	sigset_t blocked;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	CHECK(pthread_sigmask(SIG_BLOCK, &blocked, NULL) == 0);
	umask(027);
	look(&before);
	use();
	look(&after);
	CHECK(strcmp(before.cwd, after.cwd) == 0 && before.file_mode == after.file_mode);
	CHECK(before.environ_at == after.environ_at && strcmp(before.environment, after.environment) == 0);
	CHECK(memcmp(&before.mask, &after.mask, sizeof before.mask) == 0 && sigismember(&after.mask, SIGUSR1) == 1);
	CHECK(memcmp(&before.pending, &after.pending, sizeof before.pending) == 0);
	CHECK(before.threads == after.threads);
	for (int number = 1; number < 65; number++)
		CHECK(after.actions[number].sa_handler == SIG_DFL);
	return 0;
}
