#include "report/diff_command.h"

#include <argp.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "common/allocate.h"
#include "common/files.h"
#include "common/typeset.h"
#include "report/model/names.h"
#include "report/report.h"

/* A race, in both reports: call sites in one function are one. */
struct race {
	const char *fingerprint;
	const json_t *finding; /* of the later report that has it */
	uint64_t counts[2];
	bool there[2];
	UT_hash_handle hh;
};

struct diff {
	const char *program;
	const char *paths[2]; /* the old one, the new one */
	size_t path_count;
	enum hg_level fail_on;
	json_t *reports[2];
	struct race *races; /* table, in the order of the new report */
};

/* ---- Reading ---- */

/* Recordings are reported into a file of our own, and read from there. */
static json_t *report_of_recordings(const struct diff *diff, const char *path)
{
	struct hg_report_options options = hg_report_defaults();
	const char *folder = getenv("TMPDIR");
	char *name = hg_format("%s/handleguard-diff-XXXXXX", folder && *folder != '\0' ? folder : "/tmp");
	int fd = mkstemp(name);
	const struct hg_report_target target = {HG_REPORT_JSON, name};

	options.program = diff->program;
	options.targets = &target;
	options.target_count = 1;
	options.allow_empty = true;
	options.findings_only = true;
	json_t *report = fd >= 0 && hg_report(&options, &path, 1, NULL, 0) != HG_REPORT_UNABLE
	                     ? json_load_file(name, 0, NULL)
	                     : NULL;
	if (fd >= 0) {
		close(fd);
		unlink(name);
	}
	free(name);
	return report;
}

/* Null after saying why. */
static json_t *report_of(const struct diff *diff, const char *path)
{
	json_error_t mistake = {0};
	bool recorded = hg_is_folder(path) || hg_has_suffix(path, HG_RECORD_SUFFIX);
	json_t *report = recorded ? report_of_recordings(diff, path) : json_load_file(path, 0, &mistake);

	if (json_is_array(json_object_get(report, "findings")))
		return report;
	fprintf(stderr, "%s: %s: %s%s%s\n", diff->program, path,
	        recorded ? "has no recording to be compared" : "is neither a report in JSON nor a recording",
	        *mistake.text != '\0' ? ": " : "", mistake.text);
	json_decref(report);
	return NULL;
}

static void add_report(struct diff *diff, size_t which)
{
	const json_t *findings = json_object_get(diff->reports[which], "findings");

	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *finding = json_array_get(findings, i);
		const char *fingerprint = json_string_value(json_object_get(finding, "fingerprint"));
		struct race *race;
		if (!fingerprint)
			continue;
		HASH_FIND_STR(diff->races, fingerprint, race);
		if (!race) {
			race = hg_allocate(1, sizeof(*race));
			race->fingerprint = fingerprint;
			race->finding = finding;
			HASH_ADD_KEYPTR(hh, diff->races, race->fingerprint, strlen(fingerprint), race);
		}
		race->there[which] = true;
		race->counts[which] += (uint64_t)json_integer_value(json_object_get(finding, "count"));
	}
}

/* ---- Telling ---- */

static const char *text_of(const struct race *race, const char *key)
{
	const char *text = json_string_value(json_object_get(race->finding, key));

	return text ? text : "";
}

static void print_race(const struct race *race)
{
	const char *function = text_of(race, "function"), *other = text_of(race, "other_function");

	printf("  %s: %s of %s", text_of(race, "level"), text_of(race, "kind"), text_of(race, "class"));
	if (*function != '\0')
		printf(": %s", function);
	if (*other != '\0')
		printf(*function != '\0' ? " against %s" : ": %s", other);
	printf(", fingerprint %s, ", race->fingerprint);
	if (race->there[0] && race->there[1])
		printf("%" PRIu64 " before, ", race->counts[0]);
	hg_print_count(stdout, race->counts[race->there[1]], "time\n", "times\n");
}

static size_t print_those(const struct diff *diff, const char *title, bool before, bool now)
{
	size_t count = 0;

	for (const struct race *race = diff->races; race; race = race->hh.next) {
		if (race->there[0] != before || race->there[1] != now)
			continue;
		if (count++ == 0)
			printf("%s\n", title);
		print_race(race);
	}
	return count;
}

static bool fails(const struct diff *diff, const struct race *race)
{
	bool new = race->there[1] && !race->there[0];
	enum hg_level level = HG_LEVEL_NOTE;

	while (level < HG_LEVEL_ERROR && strcmp(text_of(race, "level"), hg_level_name(level)) != 0)
		level++;
	bool hint = strcmp(text_of(race, "kind"), hg_kind_name(HG_KIND_FREE_AT_RETURN)) == 0;
	bool fails = hg_kind_fails(hint ? HG_KIND_FREE_AT_RETURN : HG_KIND_LATE_FREE, level, diff->fail_on);
	return new &&fails && !json_is_string(json_object_get(race->finding, "suppressed"));
}

static int compare(struct diff *diff)
{
	int status = HG_REPORT_CLEAN;

	for (size_t which = 0; which < 2; which++)
		if (!(diff->reports[which] = report_of(diff, diff->paths[which])))
			return HG_REPORT_UNABLE;
	add_report(diff, 1);
	add_report(diff, 0);
	size_t told = print_those(diff, "New", false, true);
	told += print_those(diff, "Gone", true, false);
	told += print_those(diff, "In both", true, true);
	if (told == 0)
		puts("Neither has a finding");
	for (const struct race *race = diff->races; race; race = race->hh.next)
		if (fails(diff, race))
			status = HG_REPORT_FINDINGS;
	return status;
}

/* ---- The command line ---- */

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct diff *diff = state->input;

	switch (key) {
	case 'l':
		for (int level = HG_LEVEL_NOTE; level <= HG_LEVEL_ERROR; level++)
			if (strcmp(argument, hg_level_name((enum hg_level)level)) == 0) {
				diff->fail_on = (enum hg_level)level;
				return 0;
			}
		argp_error(state, "--fail-on does not take '%s'; it takes note, warning or error", argument);
		return 0;
	case ARGP_KEY_ARG:
		if (diff->path_count == 2)
			argp_error(state, "'%s' is a third report; two are compared, the old one and the new one",
			           argument);
		diff->paths[diff->path_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (diff->path_count < 2)
			argp_error(state, "two reports are compared: name the old one and the new one");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int hg_command_report_diff(int argc, char **argv)
{
	static const struct argp_option options[] = {
	    {"fail-on", 'l', "LEVEL", 0,
	     "the level from which a new finding makes the exit status 1: note, warning (default) or error", 0},
	    {0},
	};
	static const struct argp parser = {options,
	                                   parse,
	                                   "OLD NEW",
	                                   "Tells which findings are new, which are gone, and which are in both, by "
	                                   "their fingerprints. OLD and NEW are "
	                                   "recordings, folders of recordings, or reports in JSON.",
	                                   NULL,
	                                   NULL,
	                                   NULL};
	struct diff diff = {.program = argv[0], .fail_on = hg_report_defaults().fail_on};
	struct race *race, *next;
	int status = HG_REPORT_UNABLE;

	argp_err_exit_status = HG_REPORT_UNABLE;
	if (argp_parse(&parser, argc, argv, 0, NULL, &diff) == 0)
		status = compare(&diff);
	HASH_ITER(hh, diff.races, race, next) {
		HASH_DEL(diff.races, race);
		free(race);
	}
	json_decref(diff.reports[0]);
	json_decref(diff.reports[1]);
	return status;
}
