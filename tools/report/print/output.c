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
#include "report/print/print.h"

static void print(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	struct hg_paint paint = {.on = !options->never_colour && hg_wants_colour(out)};

	if (options->format == HG_REPORT_JSON)
		hg_print_json(out, model);
	else
		hg_print_text(out, model, &paint, options->full);
}

static bool complain(const char *program, const char *path, const char *what)
{
	fprintf(stderr, "%s: %s: cannot be written: %s\n", program ? program : "handleguard", path, what);
	return false;
}

static bool complain_of_output(const struct hg_report_options *options, const char *path)
{
	return complain(options->program, path, strerror(errno));
}

/* ---- Streams ---- */

static bool reader_has_left(int fd)
{
	struct pollfd pipe_end = {.fd = fd, .events = POLLOUT};

	return poll(&pipe_end, 1, 0) == 1 && (pipe_end.revents & POLLERR) != 0;
}

/* A reader that leaves in the middle of a report (head) has seen what it wanted. */
static bool print_on(FILE *out, const char *name, struct hg_model *model, const struct hg_report_options *options)
{
	print(out, model, options);
	if (fflush(out) == 0 && !ferror(out))
		return true;
	return reader_has_left(fileno(out)) || complain_of_output(options, name);
}

/* A pipe or a device: there is nothing to rename. */
static bool print_into(const char *path, struct hg_model *model, const struct hg_report_options *options)
{
	FILE *out = fopen(path, "we");

	if (!out)
		return complain_of_output(options, path);
	bool right = print_on(out, path, model, options);
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

/* Under another name first, so that nobody finds half a report. */
static bool print_beside(const char *path, struct hg_model *model, const struct hg_report_options *options)
{
	int fd;
	char *name = open_beside(path, &fd);

	if (!name)
		return complain_of_output(options, path);
	set_usual_mode(fd);
	FILE *out = fdopen(fd, "w");
	if (out)
		print(out, model, options);
	bool right = out && finish(out) && rename(name, path) == 0;
	if (!right) {
		complain_of_output(options, path);
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
static FILE *standard_stream(const struct hg_report_options *options)
{
	if (!options->output && options->on_standard_error)
		return stderr;
	if (is_standard_output(options->output) || is_open_as(options->output, stdout))
		return stdout;
	return is_open_as(options->output, stderr) ? stderr : NULL;
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

static bool write_report(struct hg_model *model, const struct hg_report_options *options)
{
	FILE *stream = standard_stream(options);

	if (stream)
		return print_on(stream, stream == stderr ? "standard error" : "standard output", model, options);
	if (is_special(options->output))
		return print_into(options->output, model, options);
	return print_beside(options->output, model, options);
}

bool hg_output_report(struct hg_model *model, const struct hg_report_options *options)
{
	struct hg_paint paint = {.on = !options->never_colour && hg_wants_colour(stderr)};
	bool right = write_report(model, options);

	if (options->headline && model->recordings)
		hg_print_headline(stderr, model, &paint);
	return right;
}
