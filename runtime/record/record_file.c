#include "record/record_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/compose.h"
#include "base/counters.h"
#include "base/newer_libc.h"
#include "base/say.h"
#include "base/sys.h"
#include "format/keeper.h"
#include "format/record.h"
#include "process/process.h"
#include "record/keeper_client.h"
#include "record/launch_list.h"

static char file_path[PATH_MAX]; /* empty: plain memory */
static dev_t file_device;
static ino_t file_number;
static bool sparse; /* blocks are allocated when they are asked for, not when the file is made */

/* System calls made directly: a cancellation must not strike here. Each sets errno if it fails. */

static long checked(long result)
{
	if (result >= 0)
		return result;
	errno = (int)-result;
	return -1;
}

static int open_at(int folder, const char *path, int flags)
{
	return (int)checked(hg_syscall(SYS_openat, folder, (long)path, flags | O_CLOEXEC, 0600, 0, 0));
}

static bool examine(int file, struct stat *status)
{
	return checked(hg_syscall(SYS_newfstatat, file, (long)"", (long)status, AT_EMPTY_PATH, 0, 0)) == 0;
}

static void close_file(int file)
{
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
}

static bool set_length(int file, uint64_t size)
{
	return checked(hg_syscall(SYS_ftruncate, file, (long)size, 0, 0, 0, 0)) == 0;
}

/* Whether the user's limit lets a file become so large. To try it would bring the program a SIGXFSZ. */
static bool may_grow_to(uint64_t size)
{
	struct rlimit limit;
	if (hg_syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, (long)&limit, 0, 0) != 0 || limit.rlim_cur == RLIM_INFINITY ||
	    size <= limit.rlim_cur)
		return true;
	errno = EFBIG;
	return false;
}

/* Allocates by writing: a full disk must be an error here, not a SIGBUS at a store later. */
static bool fill(int file, uint64_t from, uint64_t to)
{
	static const char zeros[64 << 10]; /* no limit: as often as need be */
	while (from < to) {
		size_t size = to - from < sizeof zeros ? (size_t)(to - from) : sizeof zeros;
		long written = checked(hg_syscall(SYS_pwrite64, file, (long)zeros, (long)size, (long)from, 0, 0));
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		from += (uint64_t)written;
	}
	return true;
}

/* The same for what is mapped already, since Linux 5.14. */
static bool populate(void *at, uint64_t size)
{
	long result;
	do
		result = hg_syscall(SYS_madvise, (long)at, (long)size, MADV_POPULATE_WRITE, 0, 0, 0);
	while (result == -EINTR || result == -EAGAIN);
	return result == 0;
}

/* Whether this system does so. One that says yes to nonsense says nothing (qemu). */
static bool can_populate(void *at, uint64_t size)
{
	enum { NONSENSE = 0x7ff };
	return hg_syscall(SYS_madvise, (long)at, (long)size, NONSENSE, 0, 0, 0) != 0 && populate(at, size);
}

bool hg_record_file_back(void *at, uint64_t size)
{
	return !sparse || populate(at, size);
}

/* Told that pages are touched here and there: the kernel would read ahead of each else, which is a hole to be filled
 * with zeros that nobody wants. */
static void *map_file(int file, uint64_t from, uint64_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)from);
	if (at == MAP_FAILED)
		return NULL;
	hg_syscall(SYS_madvise, (long)at, (long)size, MADV_RANDOM, 0, 0, 0);
	return at;
}

static void refuse(const char *path)
{
	char number[32]; /* no limit: any int fits */
	snprintf(number, sizeof number, "error %d", errno);
	const char *reason = strerrordesc_np ? strerrordesc_np(errno) : NULL;
	hg_count(HG_COUNTER_RECORDING_REFUSED);
	hg_say("cannot record to ", path, ": ", reason ? reason : number);
}

/* The folder's descriptor if it belongs to the user. */
static int open_folder(const char *folder)
{
	int at = open_at(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY);
	struct stat status;
	if (at >= 0 && examine(at, &status) && status.st_uid == (uid_t)hg_syscall(SYS_geteuid, 0, 0, 0, 0, 0, 0))
		return at;
	if (at >= 0) {
		close_file(at);
		errno = EPERM;
	}
	return -1;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* A new file of ours: exclusively, never through a link. A folder that is out of reach is still within that of
 * `handleguard run`. */
static int create_at(int folder, const char *output, const char *name)
{
	int file = folder >= 0 ? open_at(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW) : -1;
	if (file >= 0 || (folder >= 0 && errno == EEXIST))
		return file;
	int error = errno;
	file = hg_keeper_ask(output, HG_KEEPER_CREATE, name);
	errno = file == -EEXIST ? EEXIST : error;
	return file < 0 ? -1 : file;
}

/* Growing opens the file again, wherever the program has gone by then. False: there is no such folder. */
static bool resolve(const char *output, char resolved[PATH_MAX])
{
	bool whole = output[0] == '/' && strlen(output) < PATH_MAX;
	if (!whole && realpath(output, resolved))
		return true;
	hg_put_most(resolved, output, PATH_MAX - 1);
	return whole;
}

/* The name tells the program and the process, and which of several of a process it is. */
static void compose_name(char name[], const char *executable, unsigned attempt)
{
	char *at = hg_put_number(hg_put(hg_put_most(name, base_name(executable), 128), "."), hg_process_pid());
	if (attempt)
		at = hg_put_number(hg_put(at, "."), attempt);
	hg_put(at, HG_RECORD_SUFFIX);
}

static int create_file(const char *output, const char *executable)
{
	char resolved[PATH_MAX];
	int folder = resolve(output, resolved) ? open_folder(resolved) : -1, error, file = -1;
	enum { ATTEMPTS = 1000 }; /* limit: RECORDING_REFUSED */
	for (unsigned attempt = 0; attempt < ATTEMPTS && file < 0; attempt++) {
		char name[256]; /* no limit: of a longer one of the program's the beginning does */
		compose_name(name, executable, attempt);
		file = create_at(folder, output, name);
		if (file < 0 && errno != EEXIST)
			break;
		if (file >= 0)
			hg_put_most(hg_put(hg_put_most(file_path, resolved, 3800), "/"), name, 280);
	}
	error = errno;
	if (folder >= 0)
		close_file(folder);
	errno = error;
	return file;
}

/* What is needed at once is written before it is touched, which is cheaper than to have holes filled page by page. */
static bool fill_parts(int file, const struct hg_record_part *parts, unsigned count)
{
	unsigned i = 0;
	while (i < count && fill(file, parts[i].from, parts[i].to))
		i++;
	return i == count;
}

/* The first part shows whether what is needed later can wait. */
static bool populate_parts(char *at, const struct hg_record_part *parts, unsigned count)
{
	if (!can_populate(at + parts->from, parts->to - parts->from))
		return false;
	for (unsigned i = 1; i < count; i++)
		populate(at + parts[i].from, parts[i].to - parts[i].from);
	return true;
}

static void *map_new(int file, uint64_t size, const struct hg_record_part *parts, unsigned count)
{
	struct stat status;
	if (!examine(file, &status) || !may_grow_to(size) || !set_length(file, size))
		return NULL;
	file_device = status.st_dev;
	file_number = status.st_ino;
	void *at = map_file(file, 0, size);
	sparse = at && fill_parts(file, parts, count) && populate_parts(at, parts, count);
	if (!at || sparse || fill(file, 0, size))
		return at;
	int error = errno;
	munmap(at, size);
	errno = error;
	return NULL;
}

static void give_file_up(void)
{
	refuse(file_path);
	unlink(file_path);
	file_path[0] = '\0';
	sparse = false;
}

void *hg_record_file_create(const char *output, const char *executable, uint64_t size,
                            const struct hg_record_part *parts, unsigned count)
{
	file_path[0] = '\0';
	sparse = false;
	if (getauxval(AT_SECURE))
		return NULL;
	int file = create_file(output, executable);
	if (file < 0) {
		refuse(output);
		hg_launches_recorded(false);
		return NULL;
	}
	void *at = map_new(file, size, parts, count);
	if (!at)
		give_file_up();
	close_file(file);
	hg_launches_recorded(at);
	return at;
}

/* With all of its blocks: room for threads is made for many at once, and to write is cheaper then. That its pages are
 * there before they are used is cheaper too, and no more than that. */
static void *map_more(int file, uint64_t from, uint64_t size)
{
	if (!may_grow_to(from + size) || !fill(file, from, from + size))
		return NULL;
	void *at = map_file(file, from, size);
	if (at)
		populate(at, size);
	return at;
}

/* The descriptor was closed so that the program's own keep their numbers; growing opens the same file again. */
static void *grow(uint64_t from, uint64_t size)
{
	int file = open_at(AT_FDCWD, file_path, O_RDWR | O_NOFOLLOW);
	if (file < 0) {
		char folder[PATH_MAX];
		snprintf(folder, sizeof folder, "%.*s", (int)(base_name(file_path) - file_path - 1), file_path);
		file = hg_keeper_ask(folder, HG_KEEPER_OPEN, base_name(file_path));
	}
	if (file < 0)
		return NULL;
	struct stat status;
	bool same = examine(file, &status) && status.st_dev == file_device && status.st_ino == file_number;
	void *at = same ? map_more(file, from, size) : NULL;
	/* What could not be used is given back; if that fails too, the file is only longer than it says. */
	if (same && !at)
		set_length(file, from);
	close_file(file);
	return at;
}

void *hg_record_file_grow(uint64_t from, uint64_t size)
{
	void *at = file_path[0] ? grow(from, size) : NULL;
	if (file_path[0] && !at)
		hg_count(HG_COUNTER_RECORDING_REFUSED);
	return at;
}
