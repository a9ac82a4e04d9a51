#include "report/read/find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "common/files.h"
#include "report/read/successors.h"

/* ---- One file ---- */

static bool is_found(const struct hg_model *model, const struct stat *status)
{
	struct hg_recording *found, key = {.device = status->st_dev, .inode = status->st_ino};

	HASH_FIND(by_file, model->files, &key.device, sizeof(key.device) + sizeof(key.inode), found);
	return found;
}

static void add(struct hg_model *model, const char *path, const struct stat *status)
{
	struct hg_recording *recording = hg_model_take(model, sizeof(*recording));

	recording->path = strcpy(hg_model_take(model, strlen(path) + 1), path);
	recording->file = hg_model_string(model, path);
	recording->device = status->st_dev;
	recording->inode = status->st_ino;
	HASH_ADD(by_file, model->files, device, sizeof(recording->device) + sizeof(recording->inode), recording);
}

static bool find_open_file(const struct hg_loading *loading, const char *path, int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return hg_complain(loading, path, "cannot be examined: %s", strerror(errno));
	if (!S_ISREG(status.st_mode))
		return hg_complain(loading, path,
		                   "is neither a recording (a file ending in %s) nor a folder of recordings",
		                   HG_RECORD_SUFFIX);
	if (!is_found(loading->model, &status)) {
		add(loading->model, path, &status);
		hg_note_start(loading->model, fd);
	}
	return true;
}

static bool find_file(const struct hg_loading *loading, const char *path)
{
	/* Not waiting: somebody may have named a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return hg_complain(loading, path, "cannot be opened: %s", strerror(errno));
	bool right = find_open_file(loading, path, fd);
	close(fd);
	return right;
}

/* ---- Folders ---- */

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool find_folder(const struct hg_loading *loading, const char *path, unsigned int levels, size_t *met);

static bool find_entry(const struct hg_loading *loading, const char *folder, const char *name, unsigned int levels,
                       size_t *met)
{
	char *path = NULL;

	if (asprintf(&path, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name) < 0)
		return hg_complain(loading, folder, "no memory left");
	bool right = true;
	if (hg_is_folder(path)) {
		if (levels > 0)
			right = find_folder(loading, path, levels - 1, met);
	} else if (hg_has_suffix(name, HG_RECORD_SUFFIX)) {
		++*met;
		right = find_file(loading, path);
	}
	free(path);
	return right;
}

static bool find_folder(const struct hg_loading *loading, const char *path, unsigned int levels, size_t *met)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_entry, alphasort);

	if (count < 0)
		return hg_complain(loading, path, "the folder cannot be read: %s", strerror(errno));
	bool right = true;
	for (int i = 0; i < count; i++) {
		right &= find_entry(loading, path, entries[i]->d_name, levels, met);
		free(entries[i]);
	}
	free(entries);
	return right;
}

bool hg_find(const struct hg_loading *loading, const char *path)
{
	size_t met = 0;

	if (*path == '\0')
		return hg_complain(loading, "\"\"", "an empty path names neither a recording nor a folder");
	if (!hg_is_folder(path))
		return find_file(loading, path);
	bool right = find_folder(loading, path, 1, &met);
	if (right && met == 0 && !loading->allow_empty)
		return hg_complain(
		    loading, path,
		    "there is no recording (*%s) in this folder: either nothing ran under handleguard, or "
		    "no process called a guarded function",
		    HG_RECORD_SUFFIX);
	return right;
}
