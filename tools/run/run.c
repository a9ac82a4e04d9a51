#define _GNU_SOURCE
#include "run/run.h"

#include "doctor/survey.h"
#include "run/child.h"
#include "run/folder.h"
#include "run/options.h"
#include "run/preload.h"
#include "run/status.h"
#include "run/target.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Everything of one run. */
struct run {
	struct hg_run_options options;
	char *path;    /* of the program */
	char *preload; /* what LD_PRELOAD will be */
	char *folder;  /* of the recordings */
	struct hg_endings endings;
};

/* Room that a recording takes at its start, next to its ring of findings. */
enum { ROOM_BESIDE_RING_KIB = 1024 };

/* Checks and makes all that the run needs. Returns 0, or the exit status after saying what is wrong. */
static int prepare(struct run *run)
{
	const struct hg_run_options *options = &run->options;
	size_t ring_kib = strtoul(hg_run_option_value(options, HG_OPTION_ring_kib), NULL, 10);

	run->preload = hg_preload_list(options->program, options->manifests, options->manifest_count);
	if (!run->preload)
		return HG_STATUS_UNABLE;
	int status = hg_target_find(options->program, options->command[0], &run->path, stderr);
	if (status != 0)
		return status;
	run->folder = hg_folder_make(options->program, hg_run_option_given(options, HG_OPTION_output),
	                             (ring_kib + ROOM_BESIDE_RING_KIB) * 1024);
	return run->folder ? 0 : HG_STATUS_UNABLE;
}

/* gcc's AddressSanitizer, and clang's as a shared library, refuse to run behind another preload, though they can: the
 * preload objects hand on to them what they catch. Of options that are given twice the last one counts. */
static void allow_preload(void)
{
	const char *inherited = getenv("ASAN_OPTIONS");
	char *options = NULL;

	if (asprintf(&options, "%s%sverify_asan_link_order=0", inherited ? inherited : "", inherited ? ":" : "") < 0)
		return;
	setenv("ASAN_OPTIONS", options, 1);
	free(options);
}

/* In the new process. */
static void set_environment(void *context)
{
	const struct run *run = context;

	hg_run_options_export(&run->options);
	setenv(hg_run_option_variable(HG_OPTION_output), run->folder, 1);
	setenv("LD_PRELOAD", run->preload, 1);
	allow_preload();
}

static int say_not_started(const struct run *run, int error)
{
	fprintf(stderr, "%s: %s: could not be started: %s\n", run->options.program, run->path, strerror(error));
	return error == ENOENT ? HG_STATUS_NOT_FOUND : HG_STATUS_NOT_EXECUTABLE;
}

/* The likely reason, from what the program's files tell. */
static const char *why_nothing(const struct hg_survey *survey)
{
	if (survey->verdict == HG_SURVEY_COVERED)
		return "it loads a library that defines them, but called none of them";
	if (survey->verdict == HG_SURVEY_UNKNOWN)
		return "no library that it loads at its start defines them, and nothing that it loaded or started "
		       "later called them where guards can see it (static linking and dlmopen hide calls)";
	return survey->why;
}

static void say_nothing_covered(const struct run *run)
{
	const struct hg_run_options *options = &run->options;
	struct hg_survey survey;
	bool made =
	    hg_survey_make(&survey, options->program, options->manifests, options->manifest_count, options->command[0]);

	fprintf(stderr,
	        "%s: NOTHING WAS COVERED: neither the program nor a child of it was seen to call a guarded function: "
	        "%s\n",
	        options->program, made ? why_nothing(&survey) : "the manifests are gone");
	hg_survey_drop(&survey);
}

static enum hg_report_status report_recordings(const struct run *run, char *const *paths, size_t count)
{
	struct hg_report_options options = hg_report_defaults();
	struct hg_report_ending *endings = calloc(run->endings.count + 1, sizeof(*endings));

	if (!endings)
		return HG_REPORT_UNABLE;
	for (size_t i = 0; i < run->endings.count; i++)
		endings[i] = (struct hg_report_ending){.pid = (uint32_t)run->endings.list[i].pid,
		                                       .wait_status = run->endings.list[i].status};
	options.format = run->options.format;
	options.fail_on = run->options.fail_on;
	options.output = run->options.report;
	options.program = run->options.program;
	options.require_coverage = run->options.require_coverage;
	/* The program's standard output stays its own: without a file, the report goes to standard error. */
	fflush(stdout);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	enum hg_report_status status =
	    hg_report(&options, (const char *const *)paths, count, endings, run->endings.count);
	fflush(stdout);
	free(endings);
	return status;
}

/* The program's own status wins; only a success can become something else. */
static int combined_status(const struct run *run, enum hg_report_status reported)
{
	int status = run->endings.status;

	if (WIFSIGNALED(status))
		return HG_STATUS_SIGNAL + WTERMSIG(status);
	if (WEXITSTATUS(status) != 0)
		return WEXITSTATUS(status);
	if (reported == HG_REPORT_FINDINGS)
		return run->options.error_exitcode;
	return reported == HG_REPORT_UNABLE ? HG_STATUS_UNABLE : 0;
}

static int report(const struct run *run)
{
	char **paths = NULL;
	size_t count = hg_folder_recordings(run->folder, &paths);
	enum hg_report_status reported = run->options.require_coverage ? HG_REPORT_UNABLE : HG_REPORT_CLEAN;

	if (count > 0)
		reported = report_recordings(run, paths, count);
	else
		say_nothing_covered(run);
	hg_folder_recordings_free(paths, count);
	return combined_status(run, reported);
}

/* Recordings stay if the user named a folder or asked to keep them; an empty folder is no use to anybody. */
static void leave_folder(const struct run *run)
{
	char **paths = NULL;
	size_t count = hg_folder_recordings(run->folder, &paths);

	hg_folder_recordings_free(paths, count);
	if (count == 0 || (!run->options.keep && !hg_run_option_given(&run->options, HG_OPTION_output)))
		hg_folder_remove(run->folder);
	else
		fprintf(stderr, "%s: the recordings are in %s\n", run->options.program, run->folder);
}

static int execute(struct run *run)
{
	int status = prepare(run);

	if (status != 0)
		return status;
	struct hg_child child = {
	    .path = run->path, .argv = run->options.command, .prepare = set_environment, .context = run};
	int error = hg_child_run(&child, &run->endings);
	status = error != 0 ? say_not_started(run, error) : report(run);
	leave_folder(run);
	return status;
}

int hg_command_run(int argc, char **argv)
{
	struct run run = {0};
	int status = HG_STATUS_UNABLE;

	if (hg_run_options_read(&run.options, argc, argv))
		status = execute(&run);
	hg_run_options_free(&run.options);
	hg_endings_free(&run.endings);
	free(run.path);
	free(run.preload);
	free(run.folder);
	return status;
}
