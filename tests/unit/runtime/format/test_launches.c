/* The list of programs that a run's processes start without guards. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "harness.h"
#include "record/launch_list.h"

/* The list as `handleguard run` sees it. */
static struct hg_launches *make_list(size_t size, uint32_t version)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/" HG_LAUNCHES_FILE, output_folder());
	setenv("HANDLEGUARD_OUTPUT", output_folder(), 1);
	int file = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	ck_assert_int_eq(ftruncate(file, (off_t)size), 0);
	struct hg_launches *list = mmap(NULL, sizeof *list, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	ck_assert_ptr_ne(list, MAP_FAILED);
	close(file);
	if (size >= sizeof *list) {
		list->magic = HG_LAUNCHES_MAGIC;
		list->version = version;
	}
	return list;
}

static struct hg_launches *begin(void)
{
	struct hg_launches *list = make_list(sizeof *list, HG_LAUNCHES_VERSION);
	hg_process_prepare();
	hg_launches_start();
	ck_assert(hg_launches_kept());
	return list;
}

START_TEST(a_process_that_starts_is_counted)
{
	struct hg_launches *list = begin();
	ck_assert_uint_eq(list->processes, 1);
	ck_assert_uint_eq(list->seen, 0);
	hg_launches_start();
	ck_assert_uint_eq(list->processes, 1);
}
END_TEST

START_TEST(the_program_of_the_run_is_seen)
{
	struct hg_launches *list = make_list(sizeof *list, HG_LAUNCHES_VERSION);
	list->program = hg_getpid();
	hg_process_prepare();
	hg_launches_start();
	ck_assert_uint_eq(list->seen, 1);
}
END_TEST

static void left_alone(size_t size, uint32_t version)
{
	make_list(size, version);
	hg_process_prepare();
	hg_launches_start();
	ck_assert(!hg_launches_kept());
	ck_assert_ptr_null(hg_launch_note(HG_UNGUARDED_STATIC, "/bin/x"));
}

START_TEST(a_list_of_another_version_is_left_alone)
{
	left_alone(sizeof(struct hg_launches), HG_LAUNCHES_VERSION + 1);
}
END_TEST

START_TEST(a_list_that_is_cut_short_is_left_alone)
{
	left_alone(100, HG_LAUNCHES_VERSION);
}
END_TEST

START_TEST(the_same_is_counted_and_failures_are_taken_back)
{
	struct hg_launches *list = begin();
	struct hg_launch *first = hg_launch_note(HG_UNGUARDED_STATIC, "/bin/x");
	ck_assert_ptr_eq(hg_launch_note(HG_UNGUARDED_STATIC, "/bin/x"), first);
	ck_assert_ptr_ne(hg_launch_note(HG_UNGUARDED_MUSL, "/bin/x"), first);
	ck_assert_ptr_ne(hg_launch_note(HG_UNGUARDED_STATIC, "/bin/y"), first);
	ck_assert_uint_eq(list->list[0].times, 2);
	hg_launch_failed(first);
	hg_launch_failed(NULL);
	ck_assert_uint_eq(list->list[0].times, 1);
	ck_assert_str_eq(list->list[0].program, "/bin/x");
	ck_assert_ptr_nonnull(strstr(list->list[0].starter, "test_runtime_launches"));
}
END_TEST

START_TEST(of_a_long_path_the_end_is_kept)
{
	char path[2000];
	struct hg_launches *list = begin();
	memset(path, 'x', sizeof path);
	strcpy(path + sizeof path - 5, "/end");
	struct hg_launch *launch = hg_launch_note(HG_UNGUARDED_STATIC, path);
	ck_assert_uint_eq(strlen(launch->program), sizeof launch->program - 1);
	ck_assert_str_eq(launch->program + sizeof launch->program - 5, "/end");
	ck_assert_ptr_eq(hg_launch_note(HG_UNGUARDED_STATIC, path), launch);
	ck_assert_uint_eq(list->cut, 0);
}
END_TEST

START_TEST(what_there_is_no_room_for_is_counted)
{
	char path[64];
	struct hg_launches *list = begin();
	for (int i = 0; i < HG_LAUNCHES + 3; i++) {
		snprintf(path, sizeof path, "/bin/%d", i);
		ck_assert_int_eq(hg_launch_note(HG_UNGUARDED_STATIC, path) != NULL, i < HG_LAUNCHES);
	}
	ck_assert_uint_eq(list->cut, 3);
}
END_TEST

enum { NOTERS = 8, ROUNDS = 200 };
static pthread_barrier_t together;

static void *note_often(void *unused)
{
	pthread_barrier_wait(&together);
	for (int i = 0; i < ROUNDS; i++)
		ck_assert_ptr_nonnull(hg_launch_note(HG_UNGUARDED_STATIC, i % 2 ? "/bin/x" : "/bin/y"));
	return unused;
}

START_TEST(none_is_lost_among_threads)
{
	pthread_t threads[NOTERS];
	struct hg_launches *list = begin();
	uint64_t times = 0;
	pthread_barrier_init(&together, NULL, NOTERS);
	for (int i = 0; i < NOTERS; i++)
		threads[i] = spawn(note_often, NULL);
	for (int i = 0; i < NOTERS; i++)
		join(threads[i]);
	for (int i = 0; i < HG_LAUNCHES; i++)
		times += list->list[i].times;
	ck_assert_uint_eq(times, NOTERS * ROUNDS);
}
END_TEST

START_TEST(a_child_of_fork_notes_too)
{
	struct hg_launches *list = begin();
	pid_t child = fork();
	if (child == 0)
		_exit(hg_launch_note(HG_UNGUARDED_STATIC, "/bin/x") ? 0 : 1);
	int status = 1;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(list->list[0].times, 1);
}
END_TEST

START_TEST(recordings_are_counted)
{
	struct hg_launches *list = begin();
	start();
	ck_assert_uint_eq(list->recorded, 1);
	ck_assert_uint_eq(list->refused, 0);
}
END_TEST

int main(void)
{
	return RUN_SUITE("launches", a_process_that_starts_is_counted, the_program_of_the_run_is_seen,
	                 a_list_of_another_version_is_left_alone, a_list_that_is_cut_short_is_left_alone,
	                 the_same_is_counted_and_failures_are_taken_back, of_a_long_path_the_end_is_kept,
	                 what_there_is_no_room_for_is_counted, none_is_lost_among_threads, a_child_of_fork_notes_too,
	                 recordings_are_counted);
}
