/* The file is a table of sets of keys. Processes read and write it without a lock: each key is one word, written by one
 * system call, and whoever overwrites another's has it looked at once more. */
#include "dynlink/looked_through.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/sys.h"

enum { SETS = 512, WAYS = 8 }; /* no limit: of more programs the oldest are looked through again */

static char path[PATH_MAX]; /* empty: nothing is kept */

void hg_looked_through_start(void)
{
	const char *value = secure_getenv("HANDLEGUARD_LOOKED_THROUGH");
	size_t size = value ? strlen(value) : 0;
	path[0] = 0;
	if (size && size < sizeof path)
		memcpy(path, value, size + 1);
}

/* Nobody else could have written to it. */
static bool is_own(long file)
{
	struct stat status;
	return hg_syscall(SYS_newfstatat, file, (long)"", (long)&status, AT_EMPTY_PATH, 0, 0) == 0 &&
	       S_ISREG(status.st_mode) && status.st_uid == (uid_t)hg_syscall(SYS_geteuid, 0, 0, 0, 0, 0, 0) &&
	       !(status.st_mode & (S_IWGRP | S_IWOTH));
}

static void close_file(long file)
{
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
}

static long open_file(int way)
{
	int flags = way | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	long file = path[0] ? hg_syscall(SYS_openat, AT_FDCWD, (long)path, flags, 0, 0, 0) : -ENOENT;
	if (file < 0 || is_own(file))
		return file;
	close_file(file);
	return -EPERM;
}

static long place_of_set(uint64_t key)
{
	return (long)((key >> 32) % SETS * WAYS * sizeof key);
}

/* What the file is too short for is empty. */
static void read_set(long file, uint64_t key, uint64_t set[WAYS])
{
	memset(set, 0, WAYS * sizeof *set);
	hg_syscall(SYS_pread64, file, (long)set, WAYS * sizeof *set, place_of_set(key), 0, 0);
}

/* The number of the way that has this key; WAYS: none. */
static unsigned find_way(const uint64_t set[WAYS], uint64_t key)
{
	unsigned way = 0;
	while (way < WAYS && set[way] != key)
		way++;
	return way;
}

bool hg_looked_through(uint64_t key)
{
	uint64_t set[WAYS];
	long file = open_file(O_RDONLY);
	if (file < 0)
		return false;
	read_set(file, key, set);
	close_file(file);
	return find_way(set, key) < WAYS;
}

/* To write beyond the user's limit would bring the program a SIGXFSZ. */
static bool may_write_at(long place)
{
	struct rlimit limit;
	return hg_syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, (long)&limit, 0, 0) == 0 &&
	       limit.rlim_cur >= (rlim_t)place + sizeof(uint64_t);
}

void hg_looked_through_note(uint64_t key)
{
	uint64_t set[WAYS];
	long file = open_file(O_RDWR);
	if (file < 0)
		return;
	read_set(file, key, set);
	unsigned empty = find_way(set, 0), way = empty < WAYS ? empty : key % WAYS;
	long place = place_of_set(key) + (long)(way * sizeof key);
	if (may_write_at(place))
		hg_syscall(SYS_pwrite64, file, (long)&key, sizeof key, place, 0, 0);
	close_file(file);
}
