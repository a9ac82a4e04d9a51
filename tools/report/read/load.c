#include "report/read/load.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "common/files.h"
#include "report/read/kept_endings.h"

/* ---- Errors ---- */

static const char *const sections[] = {
    [HG_EXTENT_NONE] = "header",       [HG_EXTENT_STRINGS] = "strings", [HG_EXTENT_CLASSES] = "classes",
    [HG_EXTENT_SYMBOLS] = "symbols",   [HG_EXTENT_MODULES] = "modules", [HG_EXTENT_THREADS] = "threads",
    [HG_EXTENT_TOTALS] = "totals",     [HG_EXTENT_SITES] = "sites",     [HG_EXTENT_FINDINGS] = "findings",
    [HG_EXTENT_LIVE] = "live handles", [HG_EXTENT_LABELS] = "labels",   [HG_EXTENT_TOLD] = "frames",
    [HG_EXTENT_NAMED] = "names",       [HG_EXTENT_REACHED] = "reach",
};
static_assert(sizeof(sections) / sizeof(*sections) == HG_EXTENT_TYPE_COUNT, "each type of extent has a name");

static const char *const sentences[] = {
#define HG_READ_PROBLEM(id, sentence) [HG_READ_##id] = sentence,
    HG_READ_PROBLEMS
#undef HG_READ_PROBLEM
};

static bool has_numbers(const struct hg_read_error *error)
{
	return error->found != 0 || error->expected != 0;
}

/* One sentence, to be freed. */
static char *sentence_of(const struct hg_read_error *error)
{
	char *text = NULL;
	int length;

	if (error->problem == HG_READ_VERSION)
		length =
		    asprintf(&text, "recorded by version %" PRIu64 " of the format; this tool reads version %" PRIu64,
		             error->found, error->expected);
	else if (has_numbers(error))
		length = asprintf(&text, "%s (%s, offset %" PRIu64 ": found %" PRIu64 ", expected %" PRIu64 ")",
		                  sentences[error->problem], sections[error->section], error->offset, error->found,
		                  error->expected);
	else
		length = asprintf(&text, "%s (%s, offset %" PRIu64 ")", sentences[error->problem],
		                  sections[error->section], error->offset);
	return length < 0 ? NULL : text;
}

static bool complain(const struct hg_loading *loading, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool complain(const struct hg_loading *loading, const char *path, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(loading->errors, "%s: %s: ", loading->program, path);
	vfprintf(loading->errors, format, arguments);
	fputc('\n', loading->errors);
	va_end(arguments);
	return false;
}

/* ---- One file ---- */

/* A copy of a file, in memory that begins as zeros: most of a recording was never written to, and what is zero is not
 * copied, so that a thousand recordings do not need as much memory as they have on disk. */
struct copy {
	unsigned char *bytes;
	size_t size, room;
};

enum { CHUNK = 16 << 10 };

static bool make_room(struct copy *copy, size_t more)
{
	if (more <= copy->room - copy->size)
		return true;
	size_t room = copy->room + copy->room / 2 + more;
	unsigned char *bytes = realloc(copy->bytes, room);
	if (!bytes)
		return false;
	memset(bytes + copy->room, 0, room - copy->room);
	copy->bytes = bytes;
	copy->room = room;
	return true;
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

static bool append(struct copy *copy, const unsigned char *chunk, size_t size)
{
	if (!make_room(copy, size))
		return false;
	if (!is_zero(chunk, size))
		memcpy(copy->bytes + copy->size, chunk, size);
	copy->size += size;
	return true;
}

/* From beginning to end, in this order: see reader.h. The file may grow meanwhile. */
static bool read_all(int fd, size_t expected, struct copy *copy)
{
	unsigned char chunk[CHUNK];

	copy->room = expected + 1;
	copy->bytes = calloc(copy->room, 1);
	if (!copy->bytes)
		return false;
	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		if (!append(copy, chunk, (size_t)got))
			return false;
	}
}

static bool is_loaded(const struct hg_model *model, const struct stat *status)
{
	const struct hg_recording *recording;

	DL_FOREACH(model->recordings, recording)
		if (recording->device == status->st_dev && recording->inode == status->st_ino)
			return true;
	return false;
}

static void index_findings(struct hg_model *model, struct hg_recording *recording)
{
	uint64_t count = hg_reader_findings(&recording->reader, NULL, 0, &recording->torn);

	recording->findings = hg_model_take(model, (count + 1) * sizeof(*recording->findings));
	recording->finding_count = hg_reader_findings(&recording->reader, recording->findings, count, &recording->torn);
}

/* The process ended before it had begun to record: the file is empty or unfinished, but not damaged. */
static bool never_began(const struct copy *copy, const struct hg_read_error *error)
{
	return copy->size == 0 || error->problem == HG_READ_UNFINISHED;
}

static bool adopt(const struct hg_loading *loading, const char *path, const struct stat *status, struct copy *copy)
{
	struct hg_read_error error;
	struct hg_reader reader;

	if (!hg_reader_open(&reader, copy->bytes, copy->size, &error)) {
		char *text = sentence_of(&error);
		complain(loading, path, "%s", text ? text : "unreadable");
		free(text);
		return never_began(copy, &error);
	}
	struct hg_recording *recording = hg_model_take(loading->model, sizeof(*recording));
	recording->file = hg_model_string(loading->model, path);
	recording->bytes = copy->bytes;
	recording->device = status->st_dev;
	recording->inode = status->st_ino;
	recording->reader = reader;
	copy->bytes = NULL;
	index_findings(loading->model, recording);
	DL_APPEND(loading->model->recordings, recording);
	return hg_kept_ending(loading, path, recording);
}

static bool load_open_file(const struct hg_loading *loading, const char *path, int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return complain(loading, path, "cannot be examined: %s", strerror(errno));
	if (!S_ISREG(status.st_mode))
		return complain(loading, path,
		                "is neither a recording (a file ending in %s) nor a folder of recordings",
		                HG_RECORD_SUFFIX);
	if (is_loaded(loading->model, &status))
		return true;
	struct copy copy = {0};
	bool right = read_all(fd, (size_t)status.st_size, &copy)
	                 ? adopt(loading, path, &status, &copy)
	                 : complain(loading, path, "cannot be read: %s", strerror(errno));
	free(copy.bytes);
	return right;
}

static bool load_file(const struct hg_loading *loading, const char *path)
{
	/* Not waiting: somebody may have named a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return complain(loading, path, "cannot be opened: %s", strerror(errno));
	bool right = load_open_file(loading, path, fd);
	close(fd);
	return right;
}

/* ---- Folders ---- */

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool load_folder(const struct hg_loading *loading, const char *path, unsigned int levels, size_t *met);

static bool load_entry(const struct hg_loading *loading, const char *folder, const char *name, unsigned int levels,
                       size_t *met)
{
	char *path = NULL;

	if (asprintf(&path, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name) < 0)
		return complain(loading, folder, "no memory left");
	bool right = true;
	if (hg_is_folder(path)) {
		if (levels > 0)
			right = load_folder(loading, path, levels - 1, met);
	} else if (hg_has_suffix(name, HG_RECORD_SUFFIX)) {
		++*met;
		right = load_file(loading, path);
	}
	free(path);
	return right;
}

static bool load_folder(const struct hg_loading *loading, const char *path, unsigned int levels, size_t *met)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_entry, alphasort);

	if (count < 0)
		return complain(loading, path, "the folder cannot be read: %s", strerror(errno));
	bool right = true;
	for (int i = 0; i < count; i++) {
		right &= load_entry(loading, path, entries[i]->d_name, levels, met);
		free(entries[i]);
	}
	free(entries);
	return right;
}

bool hg_load(const struct hg_loading *loading, const char *path)
{
	size_t met = 0;

	if (*path == '\0')
		return complain(loading, "\"\"", "an empty path names neither a recording nor a folder");
	if (!hg_is_folder(path))
		return load_file(loading, path);
	bool right = load_folder(loading, path, 1, &met);
	if (right && met == 0 && !loading->allow_empty)
		return complain(loading, path,
		                "there is no recording (*%s) in this folder: either nothing ran under handleguard, or "
		                "no process called a guarded function",
		                HG_RECORD_SUFFIX);
	return right;
}
