#include "run/provoke.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/paths.h"

static bool can_open(const struct hg_run_options *options, enum hg_runtime_option option, int how, const char *what)
{
	const char *path = hg_run_option_given(options, option);
	if (!path)
		return true;
	int file = open(path, how | O_CLOEXEC, 0666);
	if (file >= 0)
		close(file);
	else
		fprintf(stderr, "%s: %s: cannot be %s: %s\n", options->program, path, what, strerror(errno));
	return file >= 0;
}

bool hg_provoke_ready(const struct hg_run_options *options)
{
	return can_open(options, HG_OPTION_replay, O_RDONLY, "read") &&
	       can_open(options, HG_OPTION_learn, O_WRONLY | O_APPEND | O_CREAT, "written");
}

/* --- what was learned --- */

struct lines {
	char **list;
	size_t count;
};

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The lines that begin with this word, each once, in order. */
static struct lines read_lines(const char *path, const char *word)
{
	struct lines lines = {NULL, 0};
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0, distinct = 0;

	while (file && getline(&line, &room, file) > 0) {
		if (strncmp(line, word, strlen(word)) != 0)
			continue;
		char **longer = realloc(lines.list, (lines.count + 1) * sizeof(*longer));
		if (!longer)
			break;
		lines.list = longer;
		lines.list[lines.count++] = line;
		line = NULL;
		room = 0;
	}
	free(line);
	if (file)
		fclose(file);
	if (lines.count > 0)
		qsort(lines.list, lines.count, sizeof(*lines.list), compare);
	for (size_t i = 0; i < lines.count; i++)
		if (distinct > 0 && strcmp(lines.list[distinct - 1], lines.list[i]) == 0)
			free(lines.list[i]);
		else
			lines.list[distinct++] = lines.list[i];
	lines.count = distinct;
	return lines;
}

static void drop(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->list[i]);
	free(lines->list);
}

size_t hg_provoke_known(const struct hg_run_options *options)
{
	const char *path = hg_run_option_given(options, HG_OPTION_learn);
	if (!path)
		return 0;
	struct lines pairs = read_lines(path, "pair ");
	drop(&pairs);
	return pairs.count;
}

/* "run TIME.PID NEW": in the order of time, also once several files have been merged. */
static void note_run(const char *path, size_t new)
{
	char time_text[32];
	time_t now = time(NULL);
	struct tm utc;

	strftime(time_text, sizeof(time_text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	FILE *file = fopen(path, "a");
	if (!file)
		return;
	fprintf(file, "run %s.%d %zu\n", time_text, (int)getpid(), new);
	fclose(file);
}

/* How many runs, the latest of all, have learned nothing; this one did not. */
static size_t runs_without(const char *path)
{
	struct lines runs = read_lines(path, "run ");
	size_t without = 0;

	while (without < runs.count) {
		const char *line = runs.list[runs.count - 1 - without];
		if (strcmp(line + strcspn(line + strlen("run "), " ") + strlen("run "), " 0\n") != 0)
			break;
		without++;
	}
	drop(&runs);
	return without > 0 ? without : 1;
}

void hg_provoke_tell(const struct hg_run_options *options, size_t before)
{
	const char *path = hg_run_option_given(options, HG_OPTION_learn);
	if (!path)
		return;
	size_t known = hg_provoke_known(options), new = known > before ? known - before : 0;
	note_run(path, new);
	size_t without = runs_without(path);
	if (new > 0)
		fprintf(stderr, "%s: %zu new near miss%s; %s knows %zu\n", options->program, new, new == 1 ? "" : "es",
		        path, known);
	else
		fprintf(stderr, "%s: no new near miss in %zu run%s; %s knows %zu\n", options->program, without,
		        without == 1 ? "" : "s", path, known);
}

/* --- the environment --- */

static void export(const struct hg_run_options *options, enum hg_runtime_option option)
{
	const char *path = hg_run_option_given(options, option);
	char *whole = path ? realpath(path, NULL) : NULL;
	if (whole)
		setenv(hg_run_option_variable(option), whole, 1);
	free(whole);
}

void hg_provoke_export(const struct hg_run_options *options)
{
	export(options, HG_OPTION_replay);
	export(options, HG_OPTION_learn);
}

static bool collects(const struct hg_run_options *options)
{
	bool holds = strcmp(hg_run_option_value(options, HG_OPTION_provoke), "on") == 0 ||
	             hg_run_option_given(options, HG_OPTION_replay);
	const char *wanted = hg_run_option_given(options, HG_OPTION_provoke_gc);

	return holds && !(wanted && strcmp(wanted, "off") == 0);
}

void hg_provoke_collections(const struct hg_run_options *options)
{
	if (collects(options))
		setenv("GOGC", "1", 0);
}

/* In quotes, as Node reads NODE_OPTIONS; null without memory. */
static char *quoted(const char *path)
{
	char *text = malloc(2 * strlen(path) + 3), *to = text;
	if (!text)
		return NULL;
	*to++ = '"';
	for (; *path; path++) {
		if (*path == '"' || *path == '\\')
			*to++ = '\\';
		*to++ = *path;
	}
	*to++ = '"';
	*to = '\0';
	return text;
}

/* By Node's permissions it may not be allowed to read the file, and would not start. */
static bool has_permissions(const struct hg_run_options *options, const char *node_options)
{
	bool found = node_options && strstr(node_options, "-permission");
	for (char *const *word = options->command; *word && !found; word++)
		found = strncmp(*word, "--", 2) == 0 && strstr(*word, "-permission");
	return found;
}

char *hg_provoke_node_options(const struct hg_run_options *options, const char *node_options)
{
	char path[PATH_MAX + 32], *added = NULL;

	snprintf(path, sizeof(path), "%s/../collect.cjs", hg_shelf_directory());
	if (!collects(options) || has_permissions(options, node_options) || access(path, R_OK) != 0)
		return NULL;
	char *word = quoted(path);
	if (word && asprintf(&added, "%s%s--require %s", node_options ? node_options : "",
	                     node_options && *node_options ? " " : "", word) < 0)
		added = NULL;
	free(word);
	return added;
}
