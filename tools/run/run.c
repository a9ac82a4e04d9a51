#include "run/run.h"
#include "common/files.h"

#include <argp.h>
#include <errno.h>
#include <obstack.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "program/forecast.h"
#include "program/status.h"
#include "program/target.h"
#include "report/policy/announced.h"
#include "report/print/output.h"
#include "report/read/kept_endings.h"
#include "run/child.h"
#include "run/command_line.h"
#include "run/folder.h"
#include "run/folder_keeper.h"
#include "run/launch_list.h"
#include "run/look_once.h"
#include "run/old_runs.h"
#include "run/perf_maps.h"
#include "run/preload.h"
#include "run/provoke.h"
#include "run/symbols.h"

/* Everything of one run. */
struct run {
	struct hg_run_options options;
	char *path;     /* of the program */
	bool unguarded; /* the program itself runs without guards, which has been said; programs that it starts may have
	                   some */
	char *preload;  /* what LD_PRELOAD will be */
	char *folder;   /* of the recordings */
	char *announced;        /* in it: what a runner of tests has told already; null: there is no such file */
	char *node_options;     /* what NODE_OPTIONS will be; null: it stays */
	bool has_perf_maps;     /* as it says */
	struct timespec before; /* when the program had not been started */
	size_t known;           /* near misses, before */
	struct hg_launches *launches;
	struct hg_endings endings;
	struct hg_report_options reporting;
};

/* Room that a recording takes at its start, next to its ring of findings. */
enum { ROOM_BESIDE_RING_KIB = 1024 };

/* For names of JavaScript's functions, and for collections where calls may be held back. */
static void ask_node(struct run *run)
{
	const char *inherited = getenv("NODE_OPTIONS");

	run->node_options = run->options.no_perf_map ? NULL : hg_perf_maps_options(inherited);
	run->has_perf_maps = run->node_options;
	char *more = hg_provoke_node_options(&run->options, run->node_options ? run->node_options : inherited);
	if (!more)
		return;
	free(run->node_options);
	run->node_options = more;
}

/* Checks and makes all that the run needs. Returns 0, or the exit status after saying what is wrong. */
static int prepare(struct run *run)
{
	const struct hg_run_options *options = &run->options;
	size_t ring_kib = strtoul(hg_run_option_value(options, HG_OPTION_ring_kib), NULL, 10);

	run->preload = hg_preload_list(options->program, options->manifests, options->manifest_count);
	if (!run->preload)
		return HG_STATUS_UNABLE;
	int status = options->brief ? hg_target_find_any(options->program, options->command[0], &run->path)
	                            : hg_target_find(options->program, options->command[0], &run->path, stderr);
	run->unguarded = status == HG_TARGET_UNGUARDED;
	if (status != 0 && !run->unguarded)
		return status;
	if (!hg_report_arguments_settle(&run->options.reports, &run->reporting) ||
	    !hg_report_arguments_writable(&options->reports, options->program))
		return HG_STATUS_UNABLE;
	hg_run_symbols(options, run->path);
	hg_run_look_once();
	if (!hg_provoke_ready(options))
		return HG_STATUS_UNABLE;
	run->known = hg_provoke_known(options);
	run->folder = hg_folder_make(options->program, hg_run_option_given(options, HG_OPTION_output),
	                             (ring_kib + ROOM_BESIDE_RING_KIB) * 1024);
	run->launches = run->folder ? hg_launches_make(run->folder) : NULL;
	if (hg_perf_maps_has_node(options->program, run->path))
		ask_node(run);
	clock_gettime(CLOCK_REALTIME_COARSE, &run->before);
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
	hg_provoke_export(&run->options);
	hg_run_symbols_export(&run->options);
	hg_provoke_collections(&run->options);
	setenv(hg_run_option_variable(HG_OPTION_output), run->folder, 1);
	setenv("LD_PRELOAD", run->preload, 1);
	if (run->node_options)
		setenv("NODE_OPTIONS", run->node_options, 1);
	if (run->launches)
		run->launches->program = (uint32_t)getpid();
	allow_preload();
}

static int say_not_started(const struct run *run, int error)
{
	fprintf(stderr, "%s: %s: could not be started: %s\n", run->options.program, run->path, strerror(error));
	if (run->endings.child <= 0)
		return HG_STATUS_UNABLE;
	return error == ENOENT ? HG_STATUS_NOT_FOUND : HG_STATUS_NOT_EXECUTABLE;
}

/* The likely reason, from what the program's files tell. */
static const char *why_nothing(const struct run *run, const struct hg_forecast *forecast)
{
	if (run->launches && !run->launches->seen && !run->unguarded)
		return "no guards came up in it";
	if (run->launches && run->launches->refused > 0)
		return "processes that called one could not record it";
	if (run->launches && run->launches->recorded > 0)
		return "the recordings of processes that called one are gone from the folder";
	if (hg_launches_noted(run->launches))
		return "programs that it started ran without guards";
	if (forecast->verdict == HG_FORECAST_COVERED)
		return "it loads a library that defines them, but called none of them";
	if (forecast->verdict == HG_FORECAST_UNKNOWN)
		return "no library that it loads at its start defines them, and nothing that it loaded or started "
		       "later called them where guards can see it (static linking and dlmopen hide calls)";
	return forecast->why;
}

/* One sentence, to be freed; null: no memory left. */
static char *nothing_covered(const struct run *run)
{
	const struct hg_run_options *options = &run->options;
	struct hg_forecast forecast;
	char *sentence;

	bool made = hg_forecast_make(&forecast, options->program, options->manifests, options->manifest_count,
	                             options->command[0]);
	if (asprintf(&sentence, "neither the program nor a child of it was seen to call a guarded function: %s",
	             made ? why_nothing(run, &forecast) : "the manifests are gone") < 0)
		sentence = NULL;
	hg_forecast_drop(&forecast);
	return sentence;
}

/* The program's standard output stays its own: without a file, the report goes to standard error. */
static struct hg_report_options report_options(const struct run *run, const char *nothing_covered)
{
	struct hg_report_options options = run->reporting;

	options.fail_on = run->options.fail_on;
	options.on_standard_error = true;
	options.headline = run->options.reports.file_count > 0 && !run->options.no_headline;
	options.allow_empty = true;
	options.require_coverage = run->options.require_coverage;
	options.full = run->options.full;
	options.colour = run->options.colour;
	options.nothing_covered = nothing_covered;
	options.folder = run->folder;
	options.announced = run->announced;
	options.length = run->options.brief ? HG_REPORT_BRIEF : run->announced ? HG_REPORT_REST : HG_REPORT_WHOLE;
	return options;
}

/* Says on standard error that nothing was covered, unless the report goes there and says it, or it was said before the
 * start. */
static enum hg_report_status report_nothing(const struct run *run)
{
	if (run->options.brief && !run->options.require_coverage && run->options.reports.file_count == 0)
		return HG_REPORT_CLEAN;
	char *nothing = nothing_covered(run);
	const struct hg_report_options options = report_options(run, nothing);
	bool to_file = run->options.reports.file_count > 0;
	bool is_written = to_file || run->options.reports.format != HG_REPORT_TEXT;

	if ((to_file || !is_written) && (!run->unguarded || options.require_coverage))
		fprintf(stderr, "%s: NOTHING WAS COVERED: %s\n", options.program, nothing ? nothing : "unknown");
	if (to_file || !is_written)
		hg_report_unguarded(run->folder, options.program, stderr);
	enum hg_report_status status = options.require_coverage ? HG_REPORT_UNABLE : HG_REPORT_CLEAN;
	if (is_written)
		status = hg_report(&options, NULL, 0, NULL, 0);
	free(nothing);
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

static void keep_endings(const struct run *run)
{
	if (!hg_report_keep_endings(run->folder, run->endings.list, run->endings.count))
		fprintf(stderr, "%s: %s: how the processes ended cannot be kept: %s\n", run->options.program,
		        run->folder, strerror(errno));
}

/* Of the processes that are known: those that were waited for, and those that made recordings, PROGRAM.PID.hgr. */
static void remove_perf_maps(const struct run *run, char *const *paths, size_t count)
{
	for (size_t i = 0; run->has_perf_maps && i < run->endings.count; i++)
		hg_perf_maps_remove(run->endings.list[i].pid, &run->before);
	for (size_t i = 0; run->has_perf_maps && i < count; i++) {
		const char *end = strrchr(paths[i], '.'), *dot = end;
		while (dot && dot > paths[i] && *--dot != '.')
			;
		if (dot)
			hg_perf_maps_remove((uint32_t)strtoul(dot + 1, NULL, 10), &run->before);
	}
}

/* Recordings stay if the user named a folder or asked to keep them; an empty folder is no use to anybody. */
static int report(struct run *run)
{
	run->announced = hg_folder_file(run->folder, HG_ANNOUNCED_FILE);
	char **paths = NULL;
	size_t count = hg_folder_recordings(run->folder, &paths);
	bool keep = count > 0 && (run->options.keep || hg_run_option_given(&run->options, HG_OPTION_output));
	struct hg_report_options options = report_options(run, NULL);

	options.keep_names = keep;
	if (keep)
		keep_endings(run);
	else
		hg_folder_remove_when_killed(run->folder, paths, count);
	enum hg_report_status reported =
	    count > 0 ? hg_report(&options, (const char *const *)paths, count, run->endings.list, run->endings.count)
	              : report_nothing(run);
	hg_launches_drop(run->launches, run->folder);
	remove_perf_maps(run, paths, count);
	if (!keep)
		hg_folder_remove(run->folder);
	else if (!run->options.brief)
		fprintf(stderr, "%s: the recordings are in %s\n", run->options.program, run->folder);
	hg_folder_recordings_free(paths, count);
	if (run->options.keep_last > 0 && hg_run_option_given(&run->options, HG_OPTION_output))
		hg_old_runs_remove(hg_run_option_given(&run->options, HG_OPTION_output), run->options.keep_last,
		                   hg_base_name(run->folder));
	return combined_status(run, reported);
}

/* The program has not ended although it was told to. Should the tool be ended by force next, this was the report. */
static void report_so_far(void *context)
{
	const struct run *run = context;
	char **paths = NULL;
	size_t count = hg_folder_recordings(run->folder, &paths);
	const struct hg_report_options options = report_options(run, NULL);

	signal(SIGPIPE, SIG_IGN);
	fprintf(stderr, "%s: the program goes on after SIGTERM; this is the report so far\n", options.program);
	if (count > 0)
		hg_report(&options, (const char *const *)paths, count, run->endings.list, run->endings.count);
	else
		report_nothing(run);
	hg_folder_recordings_free(paths, count);
}

static int execute(struct run *run)
{
	int status = prepare(run);

	if (status != 0)
		return status;
	struct hg_child child = {.path = run->path,
	                         .argv = run->options.command,
	                         .prepare = set_environment,
	                         .lingers = report_so_far,
	                         .context = run};
	struct hg_keeper *keeper = hg_keeper_start(run->folder);
	int error = hg_child_run(&child, &run->endings);
	hg_keeper_stop(keeper);
	/* A reader of the tool's output may leave from here on: SIGPIPE must not end the tool before it has cleaned up.
	 */
	signal(SIGPIPE, SIG_IGN);
	if (error == 0) {
		status = report(run);
		if (!run->options.brief)
			hg_provoke_tell(&run->options, run->known);
		return status;
	}
	hg_folder_remove(run->folder);
	return say_not_started(run, error);
}

int hg_command_run(int argc, char **argv)
{
	struct run run = {0};
	int status = HG_STATUS_UNABLE;

	run.reporting = hg_report_defaults();
	run.reporting.program = argv[0];
	argp_err_exit_status = obstack_exit_failure = HG_STATUS_UNABLE;
	if (hg_run_options_read(&run.options, argc, argv))
		status = execute(&run);
	hg_run_options_free(&run.options);
	hg_endings_free(&run.endings);
	free(run.path);
	free(run.preload);
	free(run.folder);
	free(run.announced);
	free(run.node_options);
	return status;
}
