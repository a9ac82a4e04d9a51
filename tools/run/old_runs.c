#include "run/old_runs.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.h"
#include "format/launches.h"
#include "format/record.h"
#include "report/policy/announced.h"
#include "report/read/kept_endings.h"

/* As fresh_template of folder.c makes it. */
static int is_run(const struct dirent *entry)
{
	return fnmatch("run-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]-??????",
	               entry->d_name, 0) == 0;
}

/* Names of runs begin with the time. */
static int by_time(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

/* `run` writes how the processes ended when it is over: before, nothing of it may go. */
static bool is_finished(int folder)
{
	struct stat status;

	return fstatat(folder, HG_ENDINGS_FILE, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

static bool is_left_by_runs(const char *name)
{
	return hg_has_suffix(name, HG_RECORD_SUFFIX) || strcmp(name, HG_ENDINGS_FILE) == 0 ||
	       strcmp(name, HG_LAUNCHES_FILE) == 0 || strcmp(name, HG_ANNOUNCED_FILE) == 0 || strcmp(name, ".") == 0 ||
	       strcmp(name, "..") == 0;
}

/* Whether a run has left all that is there. */
static bool is_all_of_runs(DIR *entries)
{
	const struct dirent *entry;
	bool all = true;

	while ((entry = readdir(entries)))
		all &= is_left_by_runs(entry->d_name);
	rewinddir(entries);
	return all;
}

static bool remove_run(int parent, const char *name)
{
	int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *entries = folder >= 0 ? fdopendir(folder) : NULL;
	bool goes = entries && is_finished(folder) && is_all_of_runs(entries);

	for (const struct dirent *entry; goes && (entry = readdir(entries));)
		unlinkat(folder, entry->d_name, 0);
	if (entries)
		closedir(entries);
	else if (folder >= 0)
		close(folder);
	return goes && unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

size_t hg_old_runs_remove(const char *parent, size_t keep, const char *but)
{
	struct dirent **runs = NULL;
	int count = scandir(parent, &runs, is_run, by_time);
	int folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t removed = 0;

	for (int i = 0; i < count; i++) {
		bool own = but && strcmp(runs[i]->d_name, but) == 0;
		if (folder >= 0 && (size_t)i + keep < (size_t)count && !own)
			removed += remove_run(folder, runs[i]->d_name);
		free(runs[i]);
	}
	free(runs);
	if (folder >= 0)
		close(folder);
	return removed;
}
