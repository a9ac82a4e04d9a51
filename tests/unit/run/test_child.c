/* The program of a run: how it is started, which signals reach it, and how it and its descendants end. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/child.h"
#include "said.h"

static struct hg_endings endings;
static int prepared_in; /* by the new process, seen by it alone */

static void prepare(void *context)
{
	prepared_in = getpid();
	setenv("SAID_BY", context, 1);
}

static int run_program(const char *path, char **argv)
{
	struct hg_child child = {.path = path, .argv = argv, .prepare = prepare, .context = (char *)"the tool"};
	return hg_child_run(&child, &endings);
}

/* A shell that runs this. */
static void run_script(const char *script)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
	ck_assert_int_eq(run_program("/bin/sh", argv), 0);
	ck_assert_int_gt(endings.child, 0);
}

START_TEST(its_status_is_known)
{
	run_script("exit 7");
	ck_assert(WIFEXITED(endings.status));
	ck_assert_int_eq(WEXITSTATUS(endings.status), 7);
	ck_assert_uint_eq(endings.count, 1);
	ck_assert_int_eq((int)endings.list[0].pid, endings.child);
	hg_endings_free(&endings);
	ck_assert_ptr_null(endings.list);
}
END_TEST

START_TEST(a_signal_that_ends_it_is_known)
{
	run_script("kill -SEGV $$");
	ck_assert(WIFSIGNALED(endings.status));
	ck_assert_int_eq(WTERMSIG(endings.status), SIGSEGV);
}
END_TEST

START_TEST(it_is_prepared_in_its_own_process)
{
	run_script("[ \"$SAID_BY\" = 'the tool' ]");
	ck_assert_int_eq(WEXITSTATUS(endings.status), 0);
	ck_assert_int_eq(prepared_in, 0);
	ck_assert_ptr_null(getenv("SAID_BY"));
}
END_TEST

START_TEST(what_keeps_it_from_starting_is_told)
{
	char *argv[] = {(char *)"none", NULL};
	ck_assert_int_eq(run_program("/none/there", argv), ENOENT);
	ck_assert_int_eq(run_program("/etc/passwd", argv), EACCES);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
}
END_TEST

/* Its parent is gone before it, so that it becomes the tool's. The program goes on until the tool has collected it. */
START_TEST(an_orphan_is_collected_too)
{
	ck_assert_int_eq(chdir(said_folder()), 0);
	run_script("mkfifo gate; x=$(sh -c '(read line <gate; exit 5) >/dev/null & echo $!'); echo go >gate; "
	           "while kill -0 $x 2>/dev/null; do :; done; exit 2");
	ck_assert_int_eq(WEXITSTATUS(endings.status), 2);
	ck_assert_uint_eq(endings.count, 2);
	ck_assert_int_eq(WEXITSTATUS(endings.list[0].wait_status), 5);
	ck_assert_int_eq((int)endings.list[1].pid, endings.child);
}
END_TEST

START_TEST(what_is_sent_to_the_tool_reaches_the_program)
{
	run_script("trap 'exit 9' TERM; (kill -TERM $PPID; :); while :; do :; done");
	ck_assert_int_eq(WEXITSTATUS(endings.status), 9);
}
END_TEST

/* It has got the first one already, if it meant itself; the second one, another process's, comes after it. */
START_TEST(what_the_program_itself_sends_does_not_come_back)
{
	run_script("back=0; trap 'back=1' USR2; trap 'exit $back' TERM; kill -USR2 $PPID; (kill -TERM $PPID; :); "
	           "while :; do :; done");
	ck_assert_int_eq(WEXITSTATUS(endings.status), 0);
}
END_TEST

START_TEST(what_comes_too_late_does_not_end_the_tool)
{
	sigset_t before, after, pending;
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &before), 0);
	run_script("(kill -TERM $PPID; :); exit 4");
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &after), 0);
	ck_assert_int_eq(sigpending(&pending), 0);
	ck_assert_int_eq(sigismember(&pending, SIGTERM), 0);
	for (int number = 1; number < SIGRTMIN; number++)
		ck_assert_int_eq(sigismember(&before, number), sigismember(&after, number));
}
END_TEST

/* Whoever ignores it learns nothing of its children. */
START_TEST(its_end_is_known_where_sigchld_was_ignored)
{
	signal(SIGCHLD, SIG_IGN);
	run_script("exit 7");
	ck_assert_int_eq(WEXITSTATUS(endings.status), 7);
}
END_TEST

int main(void)
{
	return SAID_SUITE("run: child", its_status_is_known, a_signal_that_ends_it_is_known,
	                  it_is_prepared_in_its_own_process, what_keeps_it_from_starting_is_told,
	                  an_orphan_is_collected_too, what_is_sent_to_the_tool_reaches_the_program,
	                  what_the_program_itself_sends_does_not_come_back, what_comes_too_late_does_not_end_the_tool,
	                  its_end_is_known_where_sigchld_was_ignored);
}
