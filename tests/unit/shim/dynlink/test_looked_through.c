/* What is kept of files that were looked through: from one process to the next, and by nobody else. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dynlink/looked_through.h"
#include "harness.h"

enum { MOST_BYTES = 512 * 8 * 8, MANY = 6000, THREADS = 4 };
static const uint64_t key = UINT64_C(0x123456789abcdef0);
static char file[PATH_MAX];

static uint64_t key_of(unsigned number)
{
	return (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

/* As `handleguard run` leaves it for the processes that it starts. */
static void set_up(mode_t mode)
{
	snprintf(file, sizeof file, "%s/looked-through", output_folder());
	close(open(file, O_CREAT | O_EXCL | O_WRONLY, 0600));
	ck_assert_int_eq(chmod(file, mode), 0);
	setenv("HANDLEGUARD_LOOKED_THROUGH", file, 1);
	hg_looked_through_start();
}

static off_t bytes(void)
{
	struct stat status;
	ck_assert_int_eq(lstat(file, &status), 0);
	return status.st_size;
}

START_TEST(what_was_noted_is_known_to_the_next_process)
{
	set_up(0600);
	ck_assert(!hg_looked_through(key));
	hg_looked_through_note(key);
	hg_looked_through_start();
	ck_assert(hg_looked_through(key));
	ck_assert(!hg_looked_through(key + 1));
}
END_TEST

START_TEST(without_a_file_nothing_is_kept)
{
	set_up(0600);
	unlink(file);
	hg_looked_through_note(key);
	ck_assert(!hg_looked_through(key));
	ck_assert_int_ne(access(file, F_OK), 0);
	setenv("HANDLEGUARD_LOOKED_THROUGH", "", 1);
	hg_looked_through_start();
	hg_looked_through_note(key);
	ck_assert(!hg_looked_through(key));
}
END_TEST

START_TEST(it_does_not_grow_for_ever)
{
	unsigned known = 0;
	set_up(0600);
	for (unsigned i = 0; i < MANY; i++) {
		hg_looked_through_note(key_of(i));
		ck_assert(hg_looked_through(key_of(i)));
	}
	ck_assert_int_le(bytes(), MOST_BYTES);
	for (unsigned i = 0; i < MANY; i++)
		known += hg_looked_through(key_of(i));
	ck_assert_uint_le(known, MOST_BYTES / sizeof key);
	ck_assert_uint_gt(known, MOST_BYTES / sizeof key / 2);
}
END_TEST

static pthread_barrier_t together;

static void *note_many(void *number)
{
	unsigned first = (unsigned)(uintptr_t)number * MANY;
	pthread_barrier_wait(&together);
	for (unsigned i = first; i < first + MANY / THREADS; i++)
		hg_looked_through_note(key_of(i));
	return NULL;
}

/* One may overwrite what another has just noted; nobody finds what was not. */
START_TEST(processes_that_note_at_once_leave_nothing_else)
{
	pthread_t threads[THREADS];
	uint64_t found[MOST_BYTES / sizeof key];
	set_up(0600);
	pthread_barrier_init(&together, NULL, THREADS);
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, note_many, (void *)i);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	int in = open(file, O_RDONLY);
	ssize_t size = read(in, found, sizeof found);
	close(in);
	for (size_t i = 0; i < (size_t)size / sizeof key; i++) {
		/* The inverse of the odd number in key_of. */
		uint64_t number = found[i] * UINT64_C(0xf1de83e19937733d) - 1;
		ck_assert(!found[i] || (number < (uint64_t)THREADS * MANY && number % MANY < MANY / THREADS));
	}
}
END_TEST

/* --- what somebody else can have written --- */

static void check_unused(void)
{
	off_t before = bytes();
	hg_looked_through_note(key);
	ck_assert(!hg_looked_through(key));
	ck_assert_int_eq(bytes(), before);
}

START_TEST(a_file_that_others_can_write_to_is_not_used)
{
	set_up(0620);
	check_unused();
	chmod(file, 0602);
	check_unused();
	chmod(file, 0644);
	hg_looked_through_note(key);
	ck_assert(hg_looked_through(key));
}
END_TEST

/* Only who may give files away can try. */
START_TEST(another_users_file_is_not_used)
{
	set_up(0600);
	if (chown(file, 12345, (gid_t)-1) != 0)
		return;
	check_unused();
}
END_TEST

START_TEST(a_link_is_not_followed)
{
	char aside[PATH_MAX + 8];
	set_up(0600);
	hg_looked_through_note(key);
	snprintf(aside, sizeof aside, "%s.aside", file);
	ck_assert_int_eq(rename(file, aside), 0);
	ck_assert_int_eq(symlink(aside, file), 0);
	check_unused();
}
END_TEST

START_TEST(a_pipe_keeps_nobody_waiting)
{
	set_up(0600);
	unlink(file);
	ck_assert_int_eq(mkfifo(file, 0600), 0);
	check_unused();
}
END_TEST

/* --- what has become of it --- */

START_TEST(a_damaged_file_knows_nothing)
{
	uint64_t noise[MOST_BYTES / sizeof key];
	set_up(0600);
	hg_looked_through_note(key);
	for (unsigned i = 0; i < MOST_BYTES / sizeof key; i++)
		noise[i] = ~key_of(i);
	for (off_t size = MOST_BYTES; size >= 0; size -= 4093) { /* in the midst of a word, too */
		int out = open(file, O_WRONLY | O_TRUNC);
		ck_assert_int_eq(write(out, noise, (size_t)size), size);
		close(out);
		ck_assert(!hg_looked_through(key));
		hg_looked_through_note(key);
		ck_assert(hg_looked_through(key));
	}
}
END_TEST

/* Else the write would end the process. (As Check's own would.) */
START_TEST(a_limit_on_files_is_kept)
{
	struct rlimit limit, before;
	set_up(0600);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = sizeof key;
	setrlimit(RLIMIT_FSIZE, &limit);
	hg_looked_through_note(key);
	setrlimit(RLIMIT_FSIZE, &before);
	ck_assert(!hg_looked_through(key));
	hg_looked_through_note(key);
	ck_assert(hg_looked_through(key));
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: looked through", what_was_noted_is_known_to_the_next_process,
	                 without_a_file_nothing_is_kept, it_does_not_grow_for_ever,
	                 processes_that_note_at_once_leave_nothing_else, a_file_that_others_can_write_to_is_not_used,
	                 another_users_file_is_not_used, a_link_is_not_followed, a_pipe_keeps_nobody_waiting,
	                 a_damaged_file_knows_nothing, a_limit_on_files_is_kept);
}
