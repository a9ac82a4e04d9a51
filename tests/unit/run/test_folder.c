/* The folder of a run's recordings: where it is made, what keeps it from being made, and that nothing is left of it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format/launches.h"
#include "run/folder.h"
#include "run/launch_list.h"
#include "said.h"

enum { ROOM = 64 << 10 };

/* A path in the test's own folder; stays valid. */
static char *in_folder(const char *name)
{
	char *path;
	ck_assert_int_gt(asprintf(&path, "%s/%s", said_folder(), name), 0);
	return said_kept(path);
}

static void put(const char *folder, const char *name)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static char *made(const char *parent, size_t room)
{
	said_begin();
	char *folder = hg_folder_make("run", parent, room);
	said_end();
	return said_kept(folder);
}

static const char *said_of(const char *parent, size_t room)
{
	said_begin();
	char *folder = hg_folder_make("run", parent, room);
	const char *said = said_end();
	ck_assert_ptr_null(folder);
	return said;
}

START_TEST(each_run_has_its_own_in_a_parent_that_is_made)
{
	const char *parent = in_folder("parent");
	struct stat status;
	char *one = made(parent, ROOM), *other = made(parent, ROOM);
	ck_assert_ptr_nonnull(one);
	ck_assert_ptr_nonnull(other);
	ck_assert_str_ne(one, other);
	ck_assert_int_eq(one[0], '/');
	ck_assert_int_eq(stat(parent, &status), 0);
	ck_assert_int_eq((int)(status.st_mode & 0777), 0700);
	ck_assert_int_eq(rmdir(one), 0); /* there is nothing in it: the room was only tried */
}
END_TEST

START_TEST(without_a_parent_it_is_a_temporary_one)
{
	setenv("TMPDIR", said_folder(), 1);
	char *folder = made(NULL, ROOM);
	ck_assert_ptr_nonnull(folder);
	ck_assert_int_eq(strncmp(folder, said_folder(), strlen(said_folder())), 0);
	setenv("TMPDIR", in_folder("none"), 1);
	ck_assert_has(said_of(NULL, ROOM), "recordings need a folder, give another with --output");
}
END_TEST

START_TEST(a_file_is_no_folder)
{
	put(said_folder(), "file");
	ck_assert_has(said_of(in_folder("file"), ROOM), "is not a folder; recordings need one");
	ck_assert_has(said_of(in_folder("none/there"), ROOM), "the folder for recordings cannot be made");
}
END_TEST

/* Where there is no room a store would be the end of the guarded program. */
START_TEST(there_must_be_room)
{
	const struct rlimit little = {ROOM / 2, ROOM};
	const char *parent = in_folder("parent");
	ck_assert_int_eq(mkdir(parent, 0700), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
	const char *said = said_of(parent, ROOM);
	ck_assert_has(said, "has no room for a recording of 64 KiB");
	ck_assert_int_eq(rmdir(parent), 0);
}
END_TEST

START_TEST(recordings_are_listed_in_their_order)
{
	char *folder = made(said_folder(), ROOM), **paths;
	put(folder, "a-10.hgr");
	put(folder, "a-9.hgr");
	put(folder, "launches");
	put(folder, "a-9.hgr.part");
	ck_assert_uint_eq(hg_folder_recordings(folder, &paths), 2);
	ck_assert_str_eq(strrchr(paths[0], '/'), "/a-9.hgr");
	ck_assert_str_eq(strrchr(paths[1], '/'), "/a-10.hgr");
	hg_folder_recordings_free(paths, 2);
	hg_folder_remove(folder);
	ck_assert(!is_there(folder));
	ck_assert_uint_eq(hg_folder_recordings(folder, &paths), 0);
	hg_folder_recordings_free(paths, 0);
}
END_TEST

static void die_with(const char *folder, int number)
{
	char **paths;
	size_t count = hg_folder_recordings(folder, &paths);
	hg_folder_remove_when_killed(folder, paths, count);
	raise(number);
	_exit(0);
}

START_TEST(a_signal_removes_it_and_ends_the_tool_all_the_same)
{
	int status;
	char *folder = made(said_folder(), ROOM);
	put(folder, "a.hgr");
	put(folder, HG_LAUNCHES_FILE);
	pid_t child = fork();
	if (child == 0)
		die_with(folder, SIGTERM);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGTERM);
	ck_assert(!is_there(folder));
}
END_TEST

START_TEST(a_signal_that_was_ignored_stays_so)
{
	int status;
	char *folder = made(said_folder(), ROOM);
	pid_t child = fork();
	if (child == 0) {
		signal(SIGHUP, SIG_IGN);
		die_with(folder, SIGHUP);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert(is_there(folder));
}
END_TEST

/* --- the list of launches in it --- */

START_TEST(an_empty_list_of_launches_goes_and_another_stays)
{
	char *folder = made(said_folder(), ROOM), path[512];
	snprintf(path, sizeof(path), "%s/" HG_LAUNCHES_FILE, folder);
	struct hg_launches *launches = hg_launches_make(folder);
	ck_assert_ptr_nonnull(launches);
	ck_assert_uint_eq(launches->magic, HG_LAUNCHES_MAGIC);
	ck_assert(is_there(path));
	ck_assert_ptr_null(hg_launches_make(folder)); /* somebody else's is not taken */
	ck_assert(!hg_launches_noted(launches));
	launches->list[3].state = HG_LAUNCH_WRITING;
	launches->list[3].times = 1;
	ck_assert(!hg_launches_noted(launches));
	launches->list[3].state = HG_LAUNCH_WRITTEN;
	ck_assert(hg_launches_noted(launches));
	launches->list[3].times = 0; /* it failed */
	ck_assert(!hg_launches_noted(launches));
	launches->refused = 1;
	ck_assert(hg_launches_noted(launches));
	launches->refused = 0;
	hg_launches_drop(launches, folder);
	ck_assert(!is_there(path));
	launches = hg_launches_make(folder);
	launches->cut = 1;
	hg_launches_drop(launches, folder);
	ck_assert(is_there(path));
	hg_launches_drop(NULL, folder);
	ck_assert(!hg_launches_noted(NULL));
}
END_TEST

int main(void)
{
	return SAID_SUITE("run: folder", each_run_has_its_own_in_a_parent_that_is_made,
	                  without_a_parent_it_is_a_temporary_one, a_file_is_no_folder, there_must_be_room,
	                  recordings_are_listed_in_their_order, a_signal_removes_it_and_ends_the_tool_all_the_same,
	                  a_signal_that_was_ignored_stays_so, an_empty_list_of_launches_goes_and_another_stays);
}
