/* The recording's file: where it may be, what it looks like, and how it grows. */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "filter.h"
#include "harness.h"

static void path_of(char path[PATH_MAX])
{
	char executable[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
	executable[length] = '\0';
	snprintf(path, PATH_MAX, "%s/%.128s.%u.hgr", output_folder(), strrchr(executable, '/') + 1, hg_getpid());
}

static void start_quietly(void)
{
	close(STDERR_FILENO);
	start();
}

START_TEST(a_recording_says_whose_it_is)
{
	start();
	const struct hg_record_header *header = read_back()->header;
	ck_assert_uint_eq(header->pid, hg_getpid());
	ck_assert_uint_eq(header->parent_pid, (uint32_t)getppid());
	ck_assert_uint_eq(header->version, HG_RECORD_VERSION);
	ck_assert_uint_eq(header->mode, HG_MODE_GUARD);
	ck_assert_uint_eq(header->deadline_ns, UINT64_C(5000000000));
	ck_assert_uint_ne(header->process_start, 0);
	ck_assert_uint_eq(header->clean_exit, 0);
	ck_assert_ptr_nonnull(strstr(header->executable, "test_runtime_recording"));
	ck_assert_ptr_nonnull(strstr(header->command, "test_runtime_recording"));
	ck_assert_uint_eq(header->command[header->command_length - 1], 0);
	ck_assert_uint_ge(header->start_realtime_ns, UINT64_C(1600000000000000000));
}
END_TEST

START_TEST(a_recording_is_its_owners_alone)
{
	char path[PATH_MAX];
	struct stat status;
	umask(0);
	start();
	path_of(path);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0600);
	ck_assert_uint_eq((uint64_t)status.st_size, hg_recording->file_size);
}
END_TEST

START_TEST(no_descriptor_stays_open)
{
	int before = open("/dev/null", O_RDONLY);
	close(before);
	start();
	int after = open("/dev/null", O_RDONLY);
	ck_assert_int_eq(after, before);
}
END_TEST

START_TEST(a_link_in_the_way_is_not_followed)
{
	char path[PATH_MAX], victim[PATH_MAX];
	struct stat status;
	path_of(path);
	snprintf(victim, sizeof victim, "%s/victim", output_folder());
	ck_assert_int_eq(symlink(victim, path), 0);
	start();
	ck_assert_int_ne(stat(victim, &status), 0);
	/* Another name was found. */
	strcpy(strrchr(path, '.'), ".1.hgr");
	ck_assert_int_eq(lstat(path, &status), 0);
	ck_assert(S_ISREG(status.st_mode));
	strcpy(strstr(path, ".1.hgr"), ".hgr");
	unlink(path);
}
END_TEST

START_TEST(a_file_in_the_way_is_left_alone)
{
	char path[PATH_MAX];
	struct stat status;
	path_of(path);
	int file = open(path, O_CREAT | O_WRONLY, 0644);
	ck_assert_int_eq(write(file, "mine", 4), 4);
	close(file);
	start();
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_size, 4);
	ck_assert_uint_ne(hg_recording->pid, 0);
}
END_TEST

static void check_it_guards(void)
{
	struct hg_guard *guard = born(new_class(1000), 1);
	struct hg_frame *in;
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_ALREADY_FREEING);
}

START_TEST(without_a_folder_it_guards_all_the_same)
{
	setenv("HANDLEGUARD_OUTPUT", "/nowhere/at/all", 1);
	start_quietly();
	ck_assert_uint_eq(counter(HG_COUNTER_RECORDING_REFUSED), 1);
	check_it_guards();
}
END_TEST

START_TEST(a_folder_of_somebody_else_is_refused)
{
	struct stat status;
	/* As root nothing is somebody else's; so become somebody else. */
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	ck_assert_int_eq(stat("/tmp", &status), 0);
	ck_assert_uint_ne(status.st_uid, geteuid());
	setenv("HANDLEGUARD_OUTPUT", "/tmp", 1);
	start_quietly();
	ck_assert_uint_eq(counter(HG_COUNTER_RECORDING_REFUSED), 1);
	check_it_guards();
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(a_file_size_limit_is_respected_without_a_signal)
{
	struct rlimit limit = {.rlim_cur = 100000, .rlim_max = 100000};
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	start_quietly();
	ck_assert_uint_eq(counter(HG_COUNTER_RECORDING_REFUSED), 1);
	check_it_guards();
	ck_assert_int_eq(rmdir(output_folder()), 0); /* nothing is left there */
}
END_TEST

/* How many of the file's pages the kernel has; none if it has to have all, because holes cannot be filled later. */
static unsigned cached_pages(const char *path)
{
	static unsigned char cached[1 << 14];
	struct stat status;
	int file = open(path, O_RDONLY);
	ck_assert_int_eq(fstat(file, &status), 0);
	if (status.st_blocks * 512 >= status.st_size)
		return 0;
	void *at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
	ck_assert_ptr_ne(at, MAP_FAILED);
	size_t pages = ((size_t)status.st_size + 4095) / 4096;
	ck_assert_uint_le(pages, sizeof cached);
	ck_assert_int_eq(mincore(at, (size_t)status.st_size, cached), 0);
	munmap(at, (size_t)status.st_size);
	close(file);
	unsigned count = 0;
	for (size_t i = 0; i < pages; i++)
		count += cached[i] & 1;
	return count;
}

/* Pages of the file's holes that nobody asked for took most of the time of the first guarded call. */
START_TEST(a_new_recording_is_not_read_ahead)
{
	char path[PATH_MAX];
	start();
	path_of(path);
	ck_assert_uint_lt(cached_pages(path), 32);
}
END_TEST

START_TEST(texts_are_kept)
{
	start();
	uint32_t one = hg_recording_text("one"), two = hg_recording_text("two");
	ck_assert_uint_ne(one, two);
	ck_assert_uint_eq(hg_recording_text(""), 0);
	ck_assert_str_eq(hg_reader_text(read_back(), one), "one");
	ck_assert_str_eq(hg_reader_text(read_back(), two), "two");
	ck_assert_str_eq(hg_reader_text(read_back(), 0), "");
}
END_TEST

START_TEST(a_full_table_refuses)
{
	start();
	unsigned room, appended = 0;
	hg_recording_table(HG_EXTENT_MODULES, &room);
	while (hg_recording_append(HG_EXTENT_MODULES))
		appended++;
	ck_assert_uint_le(appended, room);
	ck_assert_uint_gt(appended, room / 2);
	static char text[400001];
	memset(text, 'x', sizeof text - 1);
	ck_assert_uint_ne(hg_recording_text(text), 0);
	ck_assert_uint_ne(hg_recording_text(text), 0);
	ck_assert_uint_eq(hg_recording_text(text), 0);
	ck_assert_uint_ne(hg_recording_text("short"), 0);
	read_back();
}
END_TEST

/* --- threads --- */

enum { THREADS = 1100 };

static struct hg_guard *guard;
static struct gate shut;
static _Atomic unsigned inside;

static void *stay(void *unused)
{
	struct hg_frame *in;
	bool entered = enter(guard, &in) == HG_ENTERED;
	atomic_fetch_add(&inside, entered);
	gate_wait(&shut);
	if (entered)
		hg_guard_leave(guard, in);
	return unused;
}

static unsigned in_flight_in(const struct hg_reader *reader)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_THREADS);
	unsigned holders = 0;
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(reader, i);
		if (thread && thread->state == HG_THREAD_LIVE && thread->frames[0].guard == (uint64_t)guard)
			holders++;
	}
	return holders;
}

START_TEST(the_file_grows_with_its_threads)
{
	static pthread_t threads[THREADS];
	start();
	guard = born(new_class(1000), 1);
	for (int i = 0; i < THREADS; i++)
		threads[i] = spawn(stay, NULL);
	while (atomic_load(&inside) < THREADS)
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	ck_assert_uint_eq(in_flight_in(read_back()), THREADS);
	ck_assert_uint_gt(hg_recording->extent_count, 12);
	ck_assert_uint_eq(counter(HG_COUNTER_THREADS_UNRECORDED), 0);
	gate_open(&shut);
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
	ck_assert_uint_eq(in_flight_in(read_back()), 0);
	ck_assert_int_eq(begin_free(guard, HG_FREE_WAIT, 1).outcome, HG_DRAINED);
}
END_TEST

START_TEST(threads_that_do_not_fit_the_file_are_guarded_all_the_same)
{
	enum { SOME = 40 };
	pthread_t threads[SOME];
	char path[PATH_MAX];
	start();
	guard = born(new_class(1), 1);
	path_of(path);
	ck_assert_int_eq(unlink(path), 0);
	for (int i = 0; i < SOME; i++)
		threads[i] = spawn(stay, NULL);
	while (atomic_load(&inside) < SOME)
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	ck_assert_uint_gt(counter(HG_COUNTER_THREADS_UNRECORDED), 0);
	ck_assert_uint_ge(counter(HG_COUNTER_RECORDING_REFUSED), 1);
	struct hg_free_result result = begin_free(guard, HG_FREE_WAIT, 1);
	ck_assert_int_eq(result.outcome, HG_TIMED_OUT);
	ck_assert_uint_eq(result.waited_for, SOME);
	gate_open(&shut);
	for (int i = 0; i < SOME; i++)
		join(threads[i]);
}
END_TEST

/* A thread is stopped where it asks for blocks of the file. */
static struct gate stuck, unstuck;
static _Atomic uint32_t stopped;
static bool ends;

static void stop(int number)
{
	(void)number;
	stopped = hg_gettid();
	gate_open(&stuck);
	if (ends)
		hg_syscall(SYS_exit, 0, 0, 0, 0, 0, 0);
	gate_wait(&unstuck);
}

static void *grow_and_stop(void *unused)
{
	static const struct filtered_call grow = {SYS_madvise,     true, 2, MADV_POPULATE_WRITE, MADV_POPULATE_WRITE,
	                                          SECCOMP_RET_TRAP};
	ck_assert_int_eq(filter_call(&grow, 0), 0);
	ck_assert_ptr_nonnull(hg_context_here());
	return unused;
}

static pthread_t begin_growing(void)
{
	start();
	signal(SIGSYS, stop);
	pthread_t thread = spawn(grow_and_stop, NULL);
	gate_wait(&stuck);
	return thread;
}

static void *call_in_vain(void *unused)
{
	for (int i = 1; i <= 100; i++) {
		ck_assert_ptr_null(hg_context_here());
		ck_assert_uint_eq(counter(HG_COUNTER_START_UNFINISHED), (uint64_t)i);
	}
	gate_open(&unstuck);
	while (!hg_context_here())
		sched_yield();
	return unused;
}

START_TEST(room_in_the_making_is_waited_for_once)
{
	pthread_t grower = begin_growing();
	join(spawn(call_in_vain, NULL));
	join(grower);
	ck_assert_uint_eq(counter(HG_COUNTER_THREADS_UNRECORDED), 2);
}
END_TEST

static void *call(void *unused)
{
	ck_assert_ptr_nonnull(hg_context_here());
	return unused;
}

START_TEST(somebody_else_makes_room_if_who_did_is_gone)
{
	ends = true;
	begin_growing();
	while (hg_thread_exists(stopped))
		sched_yield();
	join(spawn(call, NULL));
	ck_assert_uint_eq(counter(HG_COUNTER_START_UNFINISHED), 0);
}
END_TEST

START_TEST(what_a_killed_process_wrote_can_be_read)
{
	int status;
	output_folder();
	pid_t child = fork();
	if (child == 0) {
		struct hg_frame *in;
		start();
		enter(born(new_class(1000), 77), &in);
		hg_syscall(SYS_kill, hg_getpid(), 9, 0, 0, 0, 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	const struct hg_record_thread *thread = hg_reader_thread(read_back(), 0);
	ck_assert_ptr_nonnull(thread);
	ck_assert_uint_eq(thread->tid, (uint32_t)child);
	ck_assert_uint_eq(thread->frames[0].value, 77);
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "recording", a_recording_says_whose_it_is, a_recording_is_its_owners_alone, no_descriptor_stays_open,
	    a_link_in_the_way_is_not_followed, a_file_in_the_way_is_left_alone, without_a_folder_it_guards_all_the_same,
	    a_folder_of_somebody_else_is_refused, a_file_size_limit_is_respected_without_a_signal,
	    a_new_recording_is_not_read_ahead, texts_are_kept, a_full_table_refuses, the_file_grows_with_its_threads,
	    room_in_the_making_is_waited_for_once, somebody_else_makes_room_if_who_did_is_gone,
	    threads_that_do_not_fit_the_file_are_guarded_all_the_same, what_a_killed_process_wrote_can_be_read);
}
