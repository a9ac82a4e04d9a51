#include "run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What a person or a supervisor sends to the tool and means for the program. */
static const int passed_on[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

static void note_ending(struct hg_endings *endings, pid_t pid, int status)
{
	struct hg_report_ending *list = realloc(endings->list, (endings->count + 1) * sizeof(*list));

	if (pid == endings->child)
		endings->status = status;
	if (!list)
		return;
	endings->list = list;
	list[endings->count++] = (struct hg_report_ending){.pid = (uint32_t)pid, .wait_status = status};
}

/* Collects all that have ended so far; true if the program is among them. */
static bool collect(struct hg_endings *endings)
{
	bool child_ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		note_ending(endings, pid, status);
		child_ended |= pid == endings->child;
	}
	return child_ended;
}

/* A key pressed at the terminal (the kernel is the sender) and a signal that the program itself sent to its group have
 * reached the program already. */
static bool meant_for_child(const siginfo_t *signal, pid_t child)
{
	return signal->si_code != SI_KERNEL && signal->si_pid != child;
}

/* What cancels jobs sends SIGTERM, and SIGKILL some ten seconds later. */
enum { PATIENCE_S = 3, NS_PER_S = 1000000000 };

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* The next signal; 0: none came before `deadline`, if there is one (not 0). */
static int next_signal(const sigset_t *signals, int64_t deadline, siginfo_t *signal)
{
	for (;;) {
		int64_t left = deadline - now_ns();
		struct timespec wait = {.tv_sec = left / NS_PER_S, .tv_nsec = left % NS_PER_S};
		if (deadline != 0 && left <= 0)
			return 0;
		int number = deadline != 0 ? sigtimedwait(signals, signal, &wait) : sigwaitinfo(signals, signal);
		if (number > 0)
			return number;
	}
}

static void wait_for_child(const struct hg_child *child, const sigset_t *signals, struct hg_endings *endings)
{
	siginfo_t signal;
	int64_t deadline = 0;
	bool told = false;

	for (bool ended = false; !ended;) {
		int number = next_signal(signals, deadline, &signal);
		if (number == 0) {
			child->lingers(child->context);
			told = true;
			deadline = 0;
		} else if (number == SIGCHLD)
			ended = collect(endings);
		else if (meant_for_child(&signal, endings->child)) {
			kill(endings->child, number);
			deadline = number == SIGTERM && !told ? now_ns() + (int64_t)PATIENCE_S * NS_PER_S : deadline;
		}
	}
	collect(endings);
	/* What came too late for the program must not end the tool before it has reported. */
	while (sigtimedwait(signals, &signal, &(struct timespec){0}) > 0)
		;
}

/* In the new process: tells the tool why the program did not start. */
static void fail(int pipe_end)
{
	int error = errno;

	if (write(pipe_end, &error, sizeof(error)) != sizeof(error))
		_exit(126);
	_exit(127);
}

static void become(const struct hg_child *child, const sigset_t *mask, const struct sigaction *on_child, int pipe_end)
{
	sigaction(SIGCHLD, on_child, NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	child->prepare(child->context);
	execvp(child->path, child->argv);
	fail(pipe_end);
}

/* Nothing but an error comes through the pipe: a program that starts closes it. */
static int start_error(int pipe_end)
{
	int error = 0;
	ssize_t length;

	do
		length = read(pipe_end, &error, sizeof(error));
	while (length < 0 && errno == EINTR);
	return length == sizeof(error) ? error : 0;
}

/* Forks, and waits until the program runs or could not be started. */
static int start(const struct hg_child *child, const sigset_t *mask, const struct sigaction *on_child, pid_t *pid)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	*pid = fork();
	if (*pid == 0)
		become(child, mask, on_child, ends[1]);
	int error = *pid < 0 ? errno : 0;
	close(ends[1]);
	if (error == 0)
		error = start_error(ends[0]);
	close(ends[0]);
	if (error != 0 && *pid > 0)
		waitpid(*pid, NULL, 0);
	return error;
}

int hg_child_run(const struct hg_child *child, struct hg_endings *endings)
{
	struct sigaction collect_children = {.sa_handler = SIG_DFL}, inherited;
	sigset_t signals, mask;

	*endings = (struct hg_endings){0};
	/* Orphans of the program become children of the tool, so that it learns how they ended. */
	prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
	/* A process that ignores SIGCHLD never learns how a child ended. */
	sigaction(SIGCHLD, &collect_children, &inherited);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(*passed_on); i++)
		sigaddset(&signals, passed_on[i]);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	int error = start(child, &mask, &inherited, &endings->child);
	if (error == 0)
		wait_for_child(child, &signals, endings);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return error;
}

void hg_endings_free(struct hg_endings *endings)
{
	free(endings->list);
	endings->list = NULL;
}
