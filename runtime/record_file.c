#include "record_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counters.h"
#include "keeper.h"
#include "launches.h"
#include "process.h"
#include "sys.h"

static char file_path[PATH_MAX]; /* empty: plain memory */
static dev_t file_device;
static ino_t file_number;

/* A file beyond this limit would not be refused: the program would get SIGXFSZ. */
static bool within_limit(uint64_t size)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || size <= limit.rlim_cur)
		return true;
	errno = EFBIG;
	return false;
}

/* Whether the user's limit lets a file become so large. To try it would bring the program a SIGXFSZ. */
static bool may_grow_to(uint64_t size)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || size <= limit.rlim_cur)
		return true;
	errno = EFBIG;
	return false;
}

/* Allocates by writing: a full disk must be an error here, not a SIGBUS at a store later. */
static bool fill(int file, uint64_t from, uint64_t to)
{
	static const char zeros[64 << 10];
	if (!may_grow_to(to))
		return false;
	if (!within_limit(to))
		return false;
	while (from < to) {
		size_t size = to - from < sizeof zeros ? (size_t)(to - from) : sizeof zeros;
		ssize_t written = pwrite(file, zeros, size, (off_t)from);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		from += (uint64_t)written;
	}
	return true;
}

static void *map_file(int file, uint64_t from, uint64_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)from);
	return at == MAP_FAILED ? NULL : at;
}

static void refuse(const char *path)
{
	hg_count(HG_COUNTER_RECORDING_REFUSED);
	hg_say("cannot record to ", path, ": ", strerror(errno));
}

/* The folder's descriptor if it belongs to the user. */
static int open_folder(const char *folder)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat status;
	if (at >= 0 && fstat(at, &status) == 0 && status.st_uid == geteuid())
		return at;
	if (at >= 0) {
		close(at);
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
	int file = folder >= 0 ? openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	if (file >= 0 || (folder >= 0 && errno == EEXIST))
		return file;
	int error = errno;
	file = hg_keeper_ask(output, HG_KEEPER_CREATE, name);
	errno = file == -EEXIST ? EEXIST : error;
	return file < 0 ? -1 : file;
}

/* The name tells the program and the process. */
static int create_file(const char *output, const char *executable)
{
	char resolved[PATH_MAX]; /* growing opens the file again, wherever the program has gone by then */
	int folder = realpath(output, resolved) ? open_folder(resolved) : -1, error = errno;
	if (folder < 0)
		snprintf(resolved, sizeof resolved, "%s", output);
	int file = -1;
	errno = error;
	for (int attempt = 0; attempt < 1000 && file < 0; attempt++) {
		char name[256], suffix[16] = "";
		error = errno;
		if (attempt)
			snprintf(suffix, sizeof suffix, ".%d", attempt);
		snprintf(name, sizeof name, "%.128s.%u%s" HG_RECORD_SUFFIX, base_name(executable), hg_getpid(), suffix);
		errno = error;
		file = create_at(folder, output, name);
		if (file < 0 && errno != EEXIST)
			break;
		if (file >= 0)
			snprintf(file_path, sizeof file_path, "%.3800s/%.280s", resolved, name);
	}
	error = errno;
	if (folder >= 0)
		close(folder);
	errno = error;
	return file;
}

void *hg_record_file_create(const char *output, const char *executable, uint64_t size)
{
	file_path[0] = '\0';
	if (getauxval(AT_SECURE))
		return NULL;
	int file = create_file(output, executable);
	if (file < 0) {
		refuse(output);
		hg_launches_recorded(false);
		return NULL;
	}
	struct stat status;
	void *at = fill(file, 0, size) && fstat(file, &status) == 0 ? map_file(file, 0, size) : NULL;
	if (at) {
		file_device = status.st_dev;
		file_number = status.st_ino;
	} else {
		refuse(file_path);
		unlink(file_path);
		file_path[0] = '\0';
	}
	close(file);
	hg_launches_recorded(at);
	return at;
}

/* The descriptor was closed so that the program's own keep their numbers; growing opens the same file again. */
static void *grow(uint64_t from, uint64_t size)
{
	int file = open(file_path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0) {
		char folder[PATH_MAX];
		snprintf(folder, sizeof folder, "%.*s", (int)(base_name(file_path) - file_path - 1), file_path);
		file = hg_keeper_ask(folder, HG_KEEPER_OPEN, base_name(file_path));
	}
	if (file < 0)
		return NULL;
	struct stat status;
	bool same = fstat(file, &status) == 0 && status.st_dev == file_device && status.st_ino == file_number;
	void *at = same && fill(file, from, from + size) ? map_file(file, from, size) : NULL;
	/* What could not be used is given back; if that fails too, the file is only longer than it says. */
	if (same && !at && ftruncate(file, (off_t)from) != 0)
		errno = 0;
	close(file);
	return at;
}

void *hg_record_file_grow(uint64_t from, uint64_t size)
{
	void *at = file_path[0] ? grow(from, size) : NULL;
	if (file_path[0] && !at)
		hg_count(HG_COUNTER_RECORDING_REFUSED);
	return at;
}
