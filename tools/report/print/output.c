#include "report/print/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/files.h"
#include "report/print/formats.h"

static bool complain(const char *program, const char *path, const char *what)
{
	fprintf(stderr, "%s: %s: cannot be written: %s\n", program ? program : "handleguard", path, what);
	return false;
}

/* A report on its way. */
struct report {
	struct hg_model *model;
	const struct hg_report_options *options;
	struct hg_report_target target;
};

static bool complain_of(const struct report *report, const char *path)
{
	return complain(report->options->program, path, strerror(errno));
}

static void print(FILE *out, const struct report *report)
{
	hg_report_formats[report->target.format].print(out, report->model, report->options);
}

/* ---- Streams ---- */

static bool reader_has_left(int fd)
{
	struct pollfd pipe_end = {.fd = fd, .events = POLLOUT};

	return poll(&pipe_end, 1, 0) == 1 && (pipe_end.revents & POLLERR) != 0;
}

/* A reader that leaves in the middle of a report (head) has seen what it wanted. */
static bool print_on(FILE *out, const char *name, const struct report *report)
{
	print(out, report);
	if (fflush(out) == 0 && !ferror(out))
		return true;
	return reader_has_left(fileno(out)) || complain_of(report, name);
}

/* A pipe or a device: there is nothing to rename. */
static bool print_into(const char *path, const struct report *report)
{
	FILE *out = fopen(path, "we");

	if (!out)
		return complain_of(report, path);
	bool right = print_on(out, path, report);
	fclose(out); /* nothing is left in it */
	return right;
}

/* ---- Files ---- */

/* mkstemp makes files that only the user reads; a report is an ordinary file. */
static void set_usual_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)!fchmod(fd, 0666 & ~mask);
}

/* A file under another name in the same folder, to be freed; null after its errno was set. */
static char *open_beside(const char *path, int *fd)
{
	char *name = NULL;

	if (asprintf(&name, "%s.XXXXXX", path) < 0)
		return NULL;
	*fd = mkstemp(name);
	if (*fd >= 0)
		return name;
	free(name);
	return NULL;
}

static bool finish(FILE *out)
{
	bool failed = ferror(out) != 0;

	return fclose(out) == 0 && !failed;
}

/* The path with this program's process id for %p, to be freed; null: no memory left. */
static char *with_process(const char *path)
{
	const char *mark = strstr(path, "%p");
	char *expanded = NULL;

	if (!mark)
		return strdup(path);
	if (asprintf(&expanded, "%.*s%d%s", (int)(mark - path), path, (int)getpid(), mark + 2) < 0)
		return NULL;
	return expanded;
}

/* What this program has written under a path with %n: a later report in the same format replaces the earlier one. */
struct numbered {
	enum hg_report_format format;
	char *path;
	char *name;
	struct numbered *next;
};

static struct numbered *written;

static const char *name_written(enum hg_report_format format, const char *path)
{
	for (const struct numbered *each = written; each; each = each->next)
		if (each->format == format && strcmp(each->path, path) == 0)
			return each->name;
	return NULL;
}

/* Takes the name. */
static void note_written(enum hg_report_format format, const char *path, char *name)
{
	struct numbered *each = malloc(sizeof(*each));

	if (!each || !(each->path = strdup(path))) {
		free(each);
		free(name);
		return;
	}
	each->format = format;
	each->name = name;
	each->next = written;
	written = each;
}

/* Of a path with %n: the first number that nobody else has taken. */
static bool link_numbered(enum hg_report_format format, const char *name, const char *path)
{
	enum { MOST_NUMBERS = 1000000 };
	const char *mark = strstr(path, "%n");

	errno = EEXIST;
	for (int number = 1; number <= MOST_NUMBERS && errno == EEXIST; number++) {
		char *numbered = NULL;
		if (asprintf(&numbered, "%.*s%d%s", (int)(mark - path), path, number, mark + 2) < 0)
			return false;
		int error = link(name, numbered) == 0 ? 0 : errno;
		if (error == 0) {
			note_written(format, path, numbered);
			return unlink(name) == 0;
		}
		free(numbered);
		errno = error;
	}
	return false;
}

static bool give_name(enum hg_report_format format, const char *name, const char *path)
{
	if (!strstr(path, "%n"))
		return rename(name, path) == 0;
	const char *before = name_written(format, path);
	return before ? rename(name, before) == 0 : link_numbered(format, name, path);
}

/* Under another name first, so that nobody finds half a report. */
static bool print_beside(const char *path, const struct report *report)
{
	int fd;
	char *name = open_beside(path, &fd);

	if (!name)
		return complain_of(report, path);
	set_usual_mode(fd);
	FILE *out = fdopen(fd, "w");
	if (out)
		print(out, report);
	bool right = out && finish(out) && give_name(report->target.format, name, path);
	if (!right) {
		complain_of(report, path);
		unlink(name);
	}
	free(name);
	return right;
}

/* ---- Both ---- */

static bool is_standard_output(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

static bool is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static bool is_open_as(const char *path, FILE *stream)
{
	struct stat named, open;

	return stat(path, &named) == 0 && fstat(fileno(stream), &open) == 0 && named.st_dev == open.st_dev &&
	       named.st_ino == open.st_ino;
}

/* Standard output or standard error, if the report goes there, whatever name was given for it (such as /dev/stdout).
 * Such a file must not be replaced; and a pipe must not be opened again, because that would wait for a reader that may
 * have left. */
static FILE *standard_stream(const struct report *report)
{
	const char *path = report->target.path;

	if (!path)
		return report->options->on_standard_error ? stderr : stdout;
	if (is_standard_output(path) || is_open_as(path, stdout))
		return stdout;
	return is_open_as(path, stderr) ? stderr : NULL;
}

bool hg_report_writable(const char *program, const char *path)
{
	int fd;

	if (is_standard_output(path) || is_open_as(path, stdout) || is_open_as(path, stderr))
		return true;
	if (hg_is_folder(path))
		return complain(program, path, strerror(EISDIR));
	if (is_special(path))
		return access(path, W_OK) == 0 || complain(program, path, strerror(errno));
	char *name = open_beside(path, &fd);
	if (!name)
		return complain(program, path, strerror(errno));
	close(fd);
	unlink(name);
	free(name);
	return true;
}

static bool write_report(const struct report *report)
{
	FILE *stream = standard_stream(report);

	if (stream)
		return print_on(stream, stream == stderr ? "standard error" : "standard output", report);
	char *path = with_process(report->target.path);
	if (!path)
		return complain_of(report, report->target.path);
	bool right = is_special(path) ? print_into(path, report) : print_beside(path, report);
	free(path);
	return right;
}

bool hg_output_report(struct hg_model *model, const struct hg_report_options *options)
{
	struct hg_paint paint = hg_paint_of(stderr, options);
	bool right = true;

	if (options->target_count == 0)
		right = write_report(&(struct report){model, options, {HG_REPORT_TEXT, NULL}});
	for (size_t i = 0; i < options->target_count; i++)
		right &= write_report(&(struct report){model, options, options->targets[i]});
	if (options->headline && model->recordings)
		hg_print_headline(stderr, model, &paint, options);
	return right;
}
