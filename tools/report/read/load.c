#include "report/read/load.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/read/bytes.h"

/* ---- Errors ---- */

static const char *const sections[] = {
    [HG_EXTENT_NONE] = "header",         [HG_EXTENT_STRINGS] = "strings",
    [HG_EXTENT_CLASSES] = "classes",     [HG_EXTENT_SYMBOLS] = "symbols",
    [HG_EXTENT_MODULES] = "modules",     [HG_EXTENT_THREADS] = "threads",
    [HG_EXTENT_TOTALS] = "totals",       [HG_EXTENT_SITES] = "sites",
    [HG_EXTENT_FINDINGS] = "findings",   [HG_EXTENT_LIVE] = "live handles",
    [HG_EXTENT_LABELS] = "labels",       [HG_EXTENT_TOLD] = "frames",
    [HG_EXTENT_NAMED] = "names",         [HG_EXTENT_REACHED] = "reach",
    [HG_EXTENT_MANIFESTS] = "manifests", [HG_EXTENT_UNNAMED] = "unnamed functions",
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

bool hg_complain(const struct hg_loading *loading, const char *path, const char *format, ...)
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

static void index_findings(struct hg_model *model, struct hg_recording *recording)
{
	enum { USUALLY = 64 };
	const struct hg_record_finding *few[USUALLY];
	uint64_t count = hg_reader_findings(&recording->reader, few, USUALLY, &recording->torn);

	recording->findings = hg_model_take(model, (count + 1) * sizeof(*recording->findings));
	recording->finding_count = count;
	recording->noted = count > 0;
	if (count <= USUALLY)
		memcpy(recording->findings, few, count * sizeof(*few));
	else
		recording->finding_count =
		    hg_reader_findings(&recording->reader, recording->findings, count, &recording->torn);
}

/* The process ended before it had begun to record: the file is empty or unfinished, but not damaged. */
static bool never_began(const struct hg_bytes *copy, const struct hg_read_error *error)
{
	return copy->size == 0 || error->problem == HG_READ_UNFINISHED;
}

/* Takes the copy. */
static enum hg_loaded adopt(const struct hg_loading *loading, struct hg_recording *recording, struct hg_bytes *copy)
{
	struct hg_read_error error;

	if (!hg_reader_open(&recording->reader, copy->bytes, copy->size, &error)) {
		char *text = sentence_of(&error);
		hg_complain(loading, recording->path, "%s", text ? text : "unreadable");
		free(text);
		bool began = !never_began(copy, &error);
		hg_bytes_drop(copy);
		return began ? HG_LOADED_NOT : HG_LOADED_NOTHING;
	}
	recording->bytes = copy->bytes;
	recording->size = copy->size;
	index_findings(loading->model, recording);
	return HG_LOADED;
}

enum hg_loaded hg_load(const struct hg_loading *loading, struct hg_recording *recording)
{
	struct hg_bytes copy = {0};
	int fd = open(recording->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0) {
		hg_complain(loading, recording->path, "cannot be opened: %s", strerror(errno));
		return HG_LOADED_NOT;
	}
	bool read =
	    hg_bytes_read(fd, &copy) || hg_complain(loading, recording->path, "cannot be read: %s", strerror(errno));
	close(fd);
	if (read)
		return adopt(loading, recording, &copy);
	hg_bytes_drop(&copy);
	return HG_LOADED_NOT;
}
