#include "run/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/files.h"
#include "format/launches.h"
#include "format/record.h"
#include "report/policy/announced.h"

static bool say(const char *program, const char *folder, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program, folder, what);
	return false;
}

/* The user's own folder `parent`, made if it is missing. */
static bool have_parent(const char *program, const char *parent)
{
	struct stat status;

	if (mkdir(parent, 0700) != 0 && errno != EEXIST) {
		fprintf(stderr, "%s: %s: the folder for recordings cannot be made: %s\n", program, parent,
		        strerror(errno));
		return false;
	}
	if (stat(parent, &status) != 0)
		return say(program, parent, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return say(program, parent, "is not a folder; recordings need one, give another with --output");
	if (status.st_uid != geteuid())
		return say(program, parent,
		           "belongs to another user, who could tamper with the recordings; give a folder of your own "
		           "with --output");
	return true;
}

/* Room is proved by taking it: a store into a mapped file on a full disk would be the end of the guarded program. */
static int take_room(const char *folder, size_t room)
{
	char *path = NULL;

	void (*kept)(int) = signal(SIGXFSZ, SIG_IGN); /* over a limit, be told instead of killed */

	if (asprintf(&path, "%s/room", folder) < 0)
		abort();
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	int error = fd < 0 ? errno : posix_fallocate(fd, 0, (off_t)room);
	if (fd >= 0)
		close(fd);
	unlink(path);
	free(path);
	signal(SIGXFSZ, kept);
	return error;
}

/* `run-DATE-TIME-` and six letters that no other run has. */
static char *fresh_template(const char *parent)
{
	char date[32], *template = NULL;
	time_t now = time(NULL);
	struct tm local;

	strftime(date, sizeof(date), "%Y%m%d-%H%M%S", localtime_r(&now, &local));
	if (asprintf(&template, "%s/run-%s-XXXXXX", parent, date) < 0)
		abort();
	return template;
}

/* The folder for temporary files, as it is and as messages name it. */
static const char *temporary_folder(char **name)
{
	const char *named = secure_getenv("TMPDIR");

	if (!named || named[0] == '\0')
		named = "/tmp";
	else if (asprintf(name, "TMPDIR is '%s'", named) < 0)
		abort();
	return named;
}

/* Absolute, to be freed; null after saying that it is not there. */
static char *resolved_parent(const char *program, const char *parent)
{
	char *name = NULL;
	const char *path = parent ? parent : temporary_folder(&name);
	char *absolute = realpath(path, NULL);

	if (!absolute)
		fprintf(stderr, "%s: %s: %s; recordings need a folder, give another with --output\n", program,
		        name ? name : path, strerror(errno));
	free(name);
	return absolute;
}

char *hg_folder_make(const char *program, const char *parent, size_t room)
{
	if (parent && !have_parent(program, parent))
		return NULL;
	char *absolute = resolved_parent(program, parent);
	if (!absolute)
		return NULL;
	char *folder = fresh_template(absolute);
	if (!mkdtemp(folder)) {
		fprintf(stderr, "%s: %s: a folder for this run's recordings cannot be made in it: %s\n", program,
		        absolute, strerror(errno));
		free(absolute);
		free(folder);
		return NULL;
	}
	int error = take_room(folder, room);
	if (error != 0) {
		fprintf(stderr,
		        "%s: %s: has no room for a recording of %zu KiB: %s; make room, or give another folder with "
		        "--output\n",
		        program, absolute, room / 1024, strerror(error));
		hg_folder_remove(folder);
		free(folder);
		folder = NULL;
	}
	free(absolute);
	return folder;
}

static int is_recording(const struct dirent *entry)
{
	return hg_has_suffix(entry->d_name, HG_RECORD_SUFFIX);
}

size_t hg_folder_recordings(const char *folder, char ***paths)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_recording, versionsort);

	*paths = calloc(count > 0 ? (size_t)count : 1, sizeof(**paths));
	for (int i = 0; i < count; i++) {
		if (!*paths || asprintf(&(*paths)[i], "%s/%s", folder, entries[i]->d_name) < 0)
			abort();
		free(entries[i]);
	}
	free(entries);
	return count > 0 ? (size_t)count : 0;
}

void hg_folder_recordings_free(char **paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
}

char *hg_folder_file(const char *folder, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		abort();
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

void hg_folder_remove(const char *folder)
{
	DIR *entries = opendir(folder);

	for (struct dirent *entry = NULL; entries && (entry = readdir(entries));)
		unlinkat(dirfd(entries), entry->d_name, 0);
	if (entries)
		closedir(entries);
	rmdir(folder);
}

static struct {
	const char *folder;
	char *const *paths;
	size_t count;
	char launches[PATH_MAX], announced[PATH_MAX];
} doomed;

/* Calls only what may be called in a handler of signals. By now the signal has its default action again (SA_RESETHAND),
 * and is blocked until this returns. */
static void remove_doomed(int number)
{
	for (size_t i = 0; i < doomed.count; i++)
		unlink(doomed.paths[i]);
	unlink(doomed.launches);
	unlink(doomed.announced);
	rmdir(doomed.folder);
	raise(number);
}

void hg_folder_remove_when_killed(const char *folder, char *const *paths, size_t count)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	const struct sigaction handled = {.sa_handler = remove_doomed, .sa_flags = (int)SA_RESETHAND};
	struct sigaction inherited;

	doomed.folder = folder;
	doomed.paths = paths;
	doomed.count = count;
	snprintf(doomed.launches, sizeof(doomed.launches), "%s/" HG_LAUNCHES_FILE, folder);
	snprintf(doomed.announced, sizeof(doomed.announced), "%s/" HG_ANNOUNCED_FILE, folder);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (sigaction(numbers[i], NULL, &inherited) == 0 && inherited.sa_handler != SIG_IGN)
			sigaction(numbers[i], &handled, NULL);
}
