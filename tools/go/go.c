#include "go/go.h"

#include <argp.h>
#include <errno.h>
#include <glob.h>
#include <obstack.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/paths.h"
#include "go/arguments.h"
#include "program/status.h"
#include "program/target.h"
#include "report/report.h"
#include "run/child.h"
#include "run/command_line.h"
#include "run/folder.h"
#include "run/preload.h"
#include "run/provoke.h"

struct go {
	struct hg_run_options options;
	struct hg_report_options reporting;
	char *path;    /* of the Go command */
	char *preload; /* objects of the manifests, as for LD_PRELOAD */
	char *folder;  /* in which each test binary makes one of its own for its recordings */
	char **command;
	struct hg_endings endings;
};

/* The runs make sure of room for recordings by themselves. */
enum { ROOM = 4096 };

static const char usage[] = "-m MANIFEST test [FLAG OR PACKAGE OF GO TEST...]";
static const char purpose[] =
    "Runs `go test` with the handles of the named libraries guarded in each test binary. What fails a package is told "
    "with its output, and the report on all of them at the end.\v"
    "All flags of `go test` may be given but -exec, by which the test binaries come under guards. Go takes no result "
    "from its cache then. A package without cgo runs unguarded. The exit status is that of `go test`; 125 if "
    "handleguard could not do its work.";

/* ---- What each test binary is started by ---- */

static bool add_word(FILE *out, const char *word)
{
	char *quoted = hg_go_quoted(word);
	bool fits = quoted;

	if (fits)
		fprintf(out, " %s", quoted);
	free(quoted);
	return fits;
}

/* A file that is named from here; the test binaries run in the folders of their packages. */
static bool add_file(const struct go *go, FILE *out, const char *option, const char *name)
{
	char *path = realpath(name, NULL);

	if (!path)
		fprintf(stderr, "%s: %s: %s\n", go->options.program, name, strerror(errno));
	char *word = path ? hg_format("%s=%s", option, path) : NULL;
	bool added = word && add_word(out, word);
	free(word);
	free(path);
	return added;
}

static bool add_objects(const struct go *go, FILE *out)
{
	const char *object = go->preload;
	bool right = true;

	for (size_t i = 0; i < go->options.manifest_count; i++) {
		size_t length = strcspn(object, ":");
		char *word = hg_format("--manifest=%.*s", (int)length, object);
		right &= add_word(out, word);
		free(word);
		object += length + (object[length] == ':');
	}
	return right;
}

static bool print_exec(const struct go *go, FILE *out)
{
	static const char *const levels[] = {
	    [HG_LEVEL_NOTE] = "note", [HG_LEVEL_WARNING] = "warning", [HG_LEVEL_ERROR] = "error"};
	const struct hg_run_options *options = &go->options;
	char own[PATH_MAX];

	bool right = hg_own_path(own) && add_word(out, own);
	fprintf(out, " run --brief --fail-on=%s --error-exitcode=%d", levels[options->fail_on],
	        options->error_exitcode);
	right &= add_objects(go, out) && add_file(go, out, "--output", go->folder);
	for (size_t i = 0; i < options->reports.suppression_count; i++)
		right &= add_file(go, out, "--suppressions", options->reports.suppressions[i]);
	if (options->reports.baseline)
		right &= add_file(go, out, "--baseline", options->reports.baseline);
	fprintf(out, " --");
	return right;
}

static bool make_command(struct go *go)
{
	char *exec = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&exec, &length);
	bool right = out && print_exec(go, out);

	right &= out && fclose(out) == 0;
	if (right)
		go->command = hg_go_command(go->options.command + 1, exec + strspn(exec, " "));
	else
		fprintf(stderr, "%s: the command for -exec cannot be made\n", go->options.program);
	free(exec);
	return right;
}

/* ---- Before and after ---- */

static bool is_meant(const struct go *go)
{
	char *const *command = go->options.command;

	if (strcmp(command[0], "test") != 0)
		fprintf(stderr, "%s: go %s is not run under guards; go test is, as in %s -m MANIFEST test ./...\n",
		        go->options.program, command[0], go->options.program);
	else if (hg_go_has_flag(command + 1, "exec"))
		fprintf(stderr,
		        "%s: -exec is how the test binaries come under guards; put the other command before "
		        "handleguard, or handleguard run into it\n",
		        go->options.program);
	else
		return true;
	return false;
}

static int prepare(struct go *go)
{
	const struct hg_run_options *options = &go->options;

	if (!is_meant(go))
		return HG_STATUS_UNABLE;
	go->preload = hg_preload_list(options->program, options->manifests, options->manifest_count);
	if (!go->preload)
		return HG_STATUS_UNABLE;
	int status = hg_target_find_any(options->program, "go", &go->path);
	if (status != 0 && status != HG_TARGET_UNGUARDED)
		return status;
	if (!hg_report_arguments_settle(&go->options.reports, &go->reporting) ||
	    !hg_report_arguments_writable(&options->reports, options->program) || !hg_provoke_ready(options))
		return HG_STATUS_UNABLE;
	go->folder = hg_folder_make(options->program, hg_run_option_given(options, HG_OPTION_output), ROOM);
	return go->folder && make_command(go) ? 0 : HG_STATUS_UNABLE;
}

static void set_environment(void *context)
{
	const struct go *go = context;

	hg_run_options_export(&go->options);
	hg_provoke_export(&go->options);
	setenv(hg_run_option_variable(HG_OPTION_output), go->folder, 1);
}

static size_t list(const char *folder, const char *pattern, glob_t *found)
{
	char *all = hg_format("%s/%s", folder, pattern);

	*found = (glob_t){0};
	bool any = glob(all, 0, NULL, found) == 0;
	free(all);
	return any ? found->gl_pathc : 0;
}

static void remove_folders(const struct go *go)
{
	glob_t folders;

	list(go->folder, "*", &folders);
	for (size_t i = 0; i < folders.gl_pathc; i++)
		hg_folder_remove(folders.gl_pathv[i]);
	globfree(&folders);
	hg_folder_remove(go->folder);
}

static enum hg_report_status report(const struct go *go)
{
	const struct hg_run_options *options = &go->options;
	struct hg_report_options reporting = go->reporting;
	const char *folder = go->folder;
	glob_t recordings;

	reporting.fail_on = options->fail_on;
	reporting.on_standard_error = true;
	reporting.headline = options->reports.file_count > 0 && !options->no_headline;
	reporting.allow_empty = true;
	reporting.require_coverage = options->require_coverage;
	reporting.length = HG_REPORT_HEADLINE;
	reporting.full = options->full;
	reporting.colour = options->colour;
	size_t count = list(folder, "*/*" HG_RECORD_SUFFIX, &recordings);
	globfree(&recordings);
	if (count > 0)
		return hg_report(&reporting, &folder, 1, NULL, 0);
	fprintf(stderr, "%s: NOTHING WAS COVERED: no test binary was seen to call a guarded function\n",
	        options->program);
	return options->require_coverage ? HG_REPORT_UNABLE : HG_REPORT_CLEAN;
}

/* Go's own status wins. */
static int combined_status(const struct go *go, enum hg_report_status reported)
{
	int status = go->endings.status;

	if (WIFSIGNALED(status))
		return HG_STATUS_SIGNAL + WTERMSIG(status);
	if (WEXITSTATUS(status) != 0)
		return WEXITSTATUS(status);
	return reported == HG_REPORT_FINDINGS ? go->options.error_exitcode
	       : reported == HG_REPORT_UNABLE ? HG_STATUS_UNABLE
	                                      : 0;
}

static int execute(struct go *go)
{
	int status = prepare(go);

	if (status != 0)
		return status;
	fprintf(stderr, "%s: all tests are run; no result is taken from Go's cache\n", go->options.program);
	const struct hg_child child = {
	    .path = go->path, .argv = go->command, .prepare = set_environment, .context = go};
	size_t known = hg_provoke_known(&go->options);
	int error = hg_child_run(&child, &go->endings);
	signal(SIGPIPE, SIG_IGN);
	if (error != 0) {
		fprintf(stderr, "%s: %s: could not be started: %s\n", go->options.program, go->path, strerror(error));
		return HG_STATUS_UNABLE;
	}
	status = combined_status(go, report(go));
	hg_provoke_tell(&go->options, known);
	return status;
}

int hg_command_go(int argc, char **argv)
{
	struct go go = {.reporting = hg_report_defaults()};
	int status = HG_STATUS_UNABLE;

	go.reporting.program = argv[0];
	argp_err_exit_status = obstack_exit_failure = HG_STATUS_UNABLE;
	if (hg_run_options_read_as(&go.options, argc, argv, usage, purpose))
		status = execute(&go);
	if (go.folder && (go.options.keep || hg_run_option_given(&go.options, HG_OPTION_output)))
		fprintf(stderr, "%s: the recordings are in %s\n", go.options.program, go.folder);
	else if (go.folder)
		remove_folders(&go);
	hg_go_drop(go.command);
	hg_run_options_free(&go.options);
	hg_endings_free(&go.endings);
	free(go.path);
	free(go.preload);
	free(go.folder);
	return status;
}
