/* Forked children, by fork and by the bare system call: a recording of their own, live handles kept, no frame of the
 * parent's touched. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "harness.h"
#include "protocol/in_flight.h"

static struct hg_guard *guard;
static struct hg_frame *in;
static bool raw; /* by the system call, which skips what the C library does at a fork */

static void begin(void)
{
	start_fenced(0);
	guard = born(new_class(1), 1);
}

/* A failed assertion in the child ends it with another status. */
static void in_child(void (*body)(void))
{
	int status;
	pid_t child = raw ? (pid_t)hg_syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0) : fork();
	if (child == 0) {
		body();
		_exit(42);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 42, "the child ended with status %#x", status);
}

static void must(bool condition)
{
	if (!condition)
		_exit(1);
}

static void use_and_free(void)
{
	struct hg_context *before = hg_context;
	struct hg_frame *mine;
	must(hg_process_epoch() == 0);
	must(enter(guard, &mine) == HG_ENTERED);
	must(hg_context != before);
	must(hg_process_epoch() != 0);
	hg_guard_leave(guard, mine);
	must(begin_free(guard, HG_FREE_WAIT, 1).outcome == HG_DRAINED);
	must(enter(guard, &mine) == HG_LATE);
}

START_TEST(a_child_keeps_live_handles_and_starts_anew)
{
	begin();
	uint64_t epoch = hg_process_epoch();
	in_child(use_and_free);
	ck_assert_uint_eq(hg_process_epoch(), epoch);
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
}
END_TEST

static struct gate entered, done;

static void *stay(void *unused)
{
	struct hg_frame *theirs;
	enter(guard, &theirs);
	gate_open(&entered);
	gate_wait(&done);
	hg_guard_leave(guard, theirs);
	return unused;
}

START_TEST(a_child_forgets_the_ops_of_its_parents_threads)
{
	begin();
	pthread_t thread = spawn(stay, NULL);
	gate_wait(&entered);
	in_child(use_and_free);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_TIMED_OUT);
	gate_open(&done);
	join(thread);
}
END_TEST

static void leave_parents_op(void)
{
	struct hg_frame *mine;
	must(!hg_frame_is_ours(in));
	must(enter(guard, &mine) == HG_ENTERED);
	must(hg_frame_is_ours(mine));
	must(!hg_frame_is_ours(in));
	hg_guard_leave(guard, mine);
}

START_TEST(what_a_child_leaves_is_still_in_flight_in_the_parent)
{
	begin();
	enter(guard, &in);
	in_child(leave_parents_op);
	ck_assert(hg_guard_entered_by(guard, in));
	hg_guard_leave(guard, in);
	ck_assert_ptr_eq(hg_context->top, hg_context->base);
}
END_TEST

/* The forking thread has not called anything yet when another thread of the child does. */
static struct hg_context *theirs;

static void *take_context(void *unused)
{
	theirs = hg_context_here();
	gate_open(&entered);
	gate_wait(&done);
	return unused;
}

static void two_threads(void)
{
	pthread_t thread;
	must(pthread_create(&thread, NULL, take_context, NULL) == 0);
	gate_wait(&entered);
	must(theirs != NULL);
	must(hg_context_here() != theirs);
	must(hg_context_here() != NULL);
	gate_open(&done);
	must(pthread_join(thread, NULL) == 0);
}

START_TEST(no_thread_of_a_child_gets_the_forking_threads_context)
{
	begin();
	in_child(two_threads);
}
END_TEST

static void again(void)
{
	use_and_free();
	pid_t child = fork();
	if (child == 0) {
		must(hg_process_epoch() == 0);
		must(hg_context_here() != NULL);
		_exit(42);
	}
	int status;
	must(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

START_TEST(grandchildren_too)
{
	begin();
	in_child(again);
}
END_TEST

static void tell_of_inheritance(void)
{
	must(hg_context_here() != NULL);
	must(hg_recording->parent_pid == (uint32_t)getppid());
	must(hg_recording->pid == hg_getpid());
	must(counter(HG_COUNTER_FORKS) == 1);
	unsigned count;
	const struct hg_record_class *classes = hg_recording_table(HG_EXTENT_CLASSES, &count);
	must(classes[guard->class->index].name != 0);
	/* The child's file goes, so that the parent's is the only one left. */
	char command[200];
	snprintf(command, sizeof command, "rm %s/*.%u.hgr", output_folder(), hg_getpid());
	must(system(command) == 0);
}

START_TEST(a_childs_recording_is_its_own)
{
	begin();
	uint64_t forks = counter(HG_COUNTER_FORKS);
	in_child(tell_of_inheritance);
	ck_assert_uint_eq(counter(HG_COUNTER_FORKS), forks);
	ck_assert_uint_eq(read_back()->header->pid, hg_getpid());
}
END_TEST

#ifndef HG_UNDER_TSAN /* which allows no threads in the child of a process that had some */
static void many_threads_in_child(void)
{
	for (int i = 0; i < 40; i++) {
		pthread_t thread;
		must(pthread_create(&thread, NULL, stay, NULL) == 0);
		gate_wait(&entered);
		entered.open = 0;
	}
	must(begin_free(guard, HG_FREE_WAIT, 1).waited_for == 40);
}

START_TEST(a_child_of_a_grown_recording_grows_its_own)
{
	begin();
	pthread_t threads[40];
	for (int i = 0; i < 40; i++) {
		threads[i] = spawn(stay, NULL);
		gate_wait(&entered);
		entered.open = 0;
	}
	in_child(many_threads_in_child);
	gate_open(&done);
	for (int i = 0; i < 40; i++)
		join(threads[i]);
}
END_TEST
#endif

static int run(void)
{
	return RUN_SUITE(
	    "fork", a_child_keeps_live_handles_and_starts_anew, a_child_forgets_the_ops_of_its_parents_threads,
	    what_a_child_leaves_is_still_in_flight_in_the_parent, no_thread_of_a_child_gets_the_forking_threads_context,
	    grandchildren_too, a_childs_recording_is_its_own
#ifndef HG_UNDER_TSAN
	    ,
	    a_child_of_a_grown_recording_grows_its_own
#endif
	);
}

int main(void)
{
	int failed = run();
	raw = true;
	return failed | run();
}
