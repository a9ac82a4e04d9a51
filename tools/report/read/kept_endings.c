#include "report/read/kept_endings.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TITLE "handleguard endings 1\n"

/* ---- Writing ---- */

static void write_endings(FILE *file, const struct hg_report_ending *endings, size_t count)
{
	fputs(TITLE, file);
	for (size_t i = 0; i < count; i++) {
		int status = endings[i].wait_status;
		if (WIFSIGNALED(status))
			fprintf(file, "%" PRIu32 " killed %d\n", endings[i].pid, WTERMSIG(status));
		else
			fprintf(file, "%" PRIu32 " exited %d\n", endings[i].pid, WEXITSTATUS(status));
	}
}

bool hg_report_keep_endings(const char *folder, const struct hg_report_ending *endings, size_t count)
{
	char *path = NULL, *fresh = NULL;

	if (asprintf(&path, "%s/" HG_ENDINGS_FILE, folder) < 0 ||
	    asprintf(&fresh, "%s/" HG_ENDINGS_FILE ".new", folder) < 0)
		abort();
	FILE *file = fopen(fresh, "we");
	bool right = file;
	if (file) {
		write_endings(file, endings, count);
		right = ferror(file) == 0;
		right &= fclose(file) == 0;
		right = right && rename(fresh, path) == 0;
		if (!right)
			unlink(fresh);
	}
	free(path);
	free(fresh);
	return right;
}

/* ---- Reading ---- */

/* False if the line is none of those above. */
static bool read_line(const char *line, struct hg_report_ending *ending)
{
	int end = 0;
	unsigned int pid, number;
	bool exited = sscanf(line, "%9u exited %3u%n", &pid, &number, &end) == 2 && number <= 255;
	bool killed =
	    !exited && sscanf(line, "%9u killed %3u%n", &pid, &number, &end) == 2 && number > 0 && number < 127;

	if ((!exited && !killed) || strcmp(line + end, "\n") != 0)
		return false;
	*ending = (struct hg_report_ending){pid, exited ? (int)number << 8 : (int)number};
	return true;
}

static bool complain(const struct hg_loading *loading, const char *path, const char *what)
{
	fprintf(loading->errors, "%s: %s: %s; how the processes ended that were recorded beside it is not known\n",
	        loading->program, path, what);
	return false;
}

static bool add(struct hg_kept_endings *kept, struct hg_report_ending ending)
{
	struct hg_report_ending *list = realloc(kept->list, (kept->count + 1) * sizeof(*list));

	if (!list)
		return false;
	kept->list = list;
	list[kept->count++] = ending;
	return true;
}

static bool read_endings(const struct hg_loading *loading, const char *path, FILE *file)
{
	char line[64];
	struct hg_report_ending ending;

	if (!fgets(line, sizeof(line), file) || strcmp(line, TITLE) != 0)
		return complain(loading, path, "does not begin with the line 'handleguard endings 1'");
	while (fgets(line, sizeof(line), file)) {
		if (!read_line(line, &ending))
			return complain(loading, path,
			                "has a line that is neither 'PID exited STATUS' nor 'PID killed SIGNAL'");
		if (!add(loading->kept, ending))
			return complain(loading, path, "no memory left");
	}
	return ferror(file) == 0 || complain(loading, path, "cannot be read");
}

static bool read_file(const struct hg_loading *loading, const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return errno == ENOENT || complain(loading, path, strerror(errno));
	FILE *file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? fdopen(fd, "r") : NULL;
	if (!file) {
		close(fd);
		return complain(loading, path, "is no file that can be read");
	}
	bool right = read_endings(loading, path, file);
	fclose(file);
	return right;
}

/* What is kept beside the file at `path`, unless it is what was read last: recordings come folder by folder. */
static bool read_beside(const struct hg_loading *loading, const char *path)
{
	struct hg_kept_endings *kept = loading->kept;
	const char *slash = strrchr(path, '/');
	char *beside = NULL;

	if (asprintf(&beside, "%.*s" HG_ENDINGS_FILE, slash ? (int)(slash - path) + 1 : 0, path) < 0)
		abort();
	bool right = true;
	if (!kept->path || strcmp(kept->path, beside) != 0) {
		hg_kept_endings_drop(kept);
		kept->path = beside;
		right = read_file(loading, beside);
	} else {
		free(beside);
	}
	return right;
}

bool hg_kept_ending(const struct hg_loading *loading, const char *path, struct hg_recording *recording)
{
	const struct hg_kept_endings *kept = loading->kept;
	bool right = read_beside(loading, path);

	for (size_t i = 0; i < kept->count; i++) {
		if (kept->list[i].pid != recording->reader.header->pid)
			continue;
		struct hg_report_ending *own = hg_model_take(loading->model, sizeof(*own));
		*own = kept->list[i];
		recording->kept_ending = own;
		break;
	}
	return right;
}

void hg_kept_endings_drop(struct hg_kept_endings *kept)
{
	free(kept->path);
	free(kept->list);
	*kept = (struct hg_kept_endings){0};
}
