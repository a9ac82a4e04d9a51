/* Visiting the loaded objects beside forks: who waits for whom, once, and what a child does whose dynamic linker's lock
 * is in the hands of a thread that it does not have. */
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "process/linker.h"

static int count_objects(struct dl_phdr_info *info, size_t size, void *count)
{
	(void)info;
	(void)size;
	++*(int *)count;
	return 0;
}

static int objects_seen(void)
{
	int count = 0;
	hg_linker_visit(count_objects, &count);
	return count;
}

/* --- forks in progress --- */

static struct gate preparing, prepared;
static _Thread_local bool parks;

static void park_in_fork(void)
{
	if (!parks)
		return;
	gate_open(&preparing);
	gate_wait(&prepared);
}

static void *fork_slowly(void *unused)
{
	parks = true;
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	return unused;
}

static void fork_at_once(void)
{
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

/* The last handler to run before the fork is the first to be known. */
static pthread_t begin_slow_fork(void)
{
	pthread_atfork(park_in_fork, NULL, NULL);
	hg_linker_start();
	pthread_t forker = spawn(fork_slowly, NULL);
	gate_wait(&preparing);
	return forker;
}

START_TEST(a_visit_waits_for_a_fork_once)
{
	pthread_t forker = begin_slow_fork();
	ck_assert_int_gt(objects_seen(), 0);
	ck_assert_uint_eq(counter(HG_COUNTER_FORK_IMPATIENT), 1);
	objects_seen();
	ck_assert_uint_eq(counter(HG_COUNTER_FORK_IMPATIENT), 1);
	gate_open(&prepared);
	join(forker);
}
END_TEST

START_TEST(a_fork_that_ends_leaves_the_other_in_progress)
{
	pthread_t forker = begin_slow_fork();
	fork_at_once();
	objects_seen();
	ck_assert_uint_eq(counter(HG_COUNTER_FORK_IMPATIENT), 1);
	gate_open(&prepared);
	join(forker);
}
END_TEST

/* --- visits in progress --- */

static struct gate visiting, visited;

static int park_in_visit(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)info;
	(void)size;
	(void)unused;
	gate_open(&visiting);
	gate_wait(&visited);
	return 1;
}

static void *visit_slowly(void *unused)
{
	hg_linker_visit(park_in_visit, NULL);
	return unused;
}

static void must(bool condition)
{
	if (!condition)
		_exit(1);
}

static int visit_inside(struct dl_phdr_info *info, size_t size, void *outer)
{
	(void)info;
	(void)size;
	*(int *)outer = objects_seen();
	return 7;
}

static int before;

#ifndef HG_UNDER_TSAN /* which allows no threads in the child of a process that had some */
static void *visit_in_child(void *unused)
{
	must(objects_seen() == before);
	return unused;
}

static void visit_in_another_thread(void)
{
	pthread_t thread;
	must(pthread_create(&thread, NULL, visit_in_child, NULL) == 0 && pthread_join(thread, NULL) == 0);
}
#else
static void visit_in_another_thread(void)
{
}
#endif

static void live_as_child(void)
{
	int inside = 0;
	must(hg_process_is_forked() && hg_linker_lock_is_lost());
	must(objects_seen() == before);
	must(hg_linker_visit(visit_inside, &inside) == 7 && inside == before);
	/* A grandchild inherits the loss; but what its parent visits with is its own again. */
	pid_t child = fork();
	if (child == 0)
		_exit(hg_linker_lock_is_lost() && objects_seen() == before ? 42 : 1);
	int status;
	must(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 42);
	visit_in_another_thread();
	_exit(42);
}

static void await_child(pid_t child)
{
	int status;
	if (child == 0)
		live_as_child();
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 42, "the child ended with status %#x", status);
}

START_TEST(a_child_visits_without_the_lock_that_it_has_lost)
{
	hg_process_loaded();
	hg_linker_start();
	before = objects_seen();
	pthread_t visitor = spawn(visit_slowly, NULL);
	gate_wait(&visiting);
	await_child((pid_t)hg_syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0));
	await_child(fork());
	ck_assert_uint_eq(counter(HG_COUNTER_FORK_IMPATIENT), 1);
	gate_open(&visited);
	join(visitor);
	ck_assert(!hg_process_is_forked());
}
END_TEST

static void sound_child(void)
{
	_exit(!hg_linker_lock_is_lost() && objects_seen() == before ? 42 : 1);
}

START_TEST(a_child_that_inherits_a_free_lock_uses_it)
{
	hg_process_loaded();
	hg_linker_start();
	before = objects_seen();
	pid_t child = fork();
	int status;
	if (child == 0)
		sound_child();
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}
END_TEST

/* --- by hand --- */

enum { MOST = 64 };

struct listing {
	struct dl_phdr_info list[MOST];
	int count;
};

static int list(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct listing *listing = argument;
	ck_assert_int_lt(listing->count, MOST);
	listing->list[listing->count++] = *info;
	return 0;
}

START_TEST(by_hand_the_same_is_seen)
{
	struct listing locked = {.count = 0}, walked = {.count = 0};
	hg_process_loaded();
	hg_linker_start();
	dl_iterate_phdr(list, &locked);
	hg_linker_walk(list, &walked, locked.list[0].dlpi_adds, locked.list[0].dlpi_subs);
	ck_assert_int_eq(walked.count, locked.count);
	for (int i = 0; i < locked.count; i++) {
		ck_assert_uint_eq(walked.list[i].dlpi_addr, locked.list[i].dlpi_addr);
		ck_assert_str_eq(walked.list[i].dlpi_name, locked.list[i].dlpi_name);
		ck_assert_ptr_eq(walked.list[i].dlpi_phdr, locked.list[i].dlpi_phdr);
		ck_assert_int_eq(walked.list[i].dlpi_phnum, locked.list[i].dlpi_phnum);
		ck_assert_uint_eq(walked.list[i].dlpi_adds, locked.list[i].dlpi_adds);
		ck_assert_uint_eq(walked.list[i].dlpi_subs, locked.list[i].dlpi_subs);
	}
}
END_TEST

int main(void)
{
	return RUN_SUITE("linker", a_visit_waits_for_a_fork_once, a_fork_that_ends_leaves_the_other_in_progress,
	                 a_child_visits_without_the_lock_that_it_has_lost, a_child_that_inherits_a_free_lock_uses_it,
	                 by_hand_the_same_is_seen);
}
