#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "report/describe/launch_words.h"
#include "report/describe/manifests.h"
#include "report/describe/merge.h"
#include "report/describe/path_map.h"
#include "report/describe/reach.h"
#include "report/describe/redact.h"
#include "report/gather.h"
#include "report/model/names.h"
#include "report/policy/announced.h"
#include "report/policy/policy.h"
#include "report/print/output.h"
#include "report/read/unguarded.h"

struct hg_report_options hg_report_defaults(void)
{
	return (struct hg_report_options){.fail_on = HG_LEVEL_WARNING};
}

static const char *program_of(const struct hg_report_options *options)
{
	return options->program ? options->program : "handleguard";
}

/* ---- Verdict ---- */

static bool saw_nothing(const struct hg_model *model)
{
	const struct hg_recording *recording;

	DL_FOREACH(model->recordings, recording)
		if (recording->calls > 0)
			return false;
	return model->recordings && !model->groups;
}

/* Was a function of each manifest called? Says so of those of which none was. */
static bool is_covered(struct hg_model *model, const struct hg_report_options *options)
{
	const struct hg_recording *all = hg_merged_recordings(model);
	const char *last = "";
	bool right = true;

	/* The functions of a manifest stand together, and guards that a program embeds have none. */
	for (size_t i = 0; i < all->coverage_count; i++) {
		const char *manifest = all->coverage[i].manifest;
		const char *why =
		    *manifest != '\0' && strcmp(manifest, last) != 0 ? hg_why_uncovered(model, all, manifest) : NULL;
		last = manifest;
		if (!why)
			continue;
		fprintf(stderr, "%s: not one call of the functions of %s was seen: %s\n", program_of(options), manifest,
		        why);
		right = false;
	}
	return right;
}

static enum hg_report_status verdict(struct hg_model *model, const struct hg_report_options *options)
{
	if (!model->recordings)
		return options->require_coverage ? HG_REPORT_UNABLE : HG_REPORT_CLEAN;
	if (saw_nothing(model) && options->length == HG_REPORT_BRIEF && !options->require_coverage)
		return HG_REPORT_CLEAN;
	if (saw_nothing(model)) {
		fprintf(stderr,
		        "%s: not one call was guarded, so that this run proves nothing about the guarded functions: "
		        "%s\n",
		        program_of(options), hg_why_uncovered(model, hg_merged_recordings(model), NULL));
		return options->allow_empty && !options->require_coverage ? HG_REPORT_CLEAN : HG_REPORT_UNABLE;
	}
	bool whole = hg_tell_absent_functions(hg_merged_recordings(model), program_of(options), stderr);
	if (options->require_coverage && (!is_covered(model, options) || !whole))
		return HG_REPORT_UNABLE;
	for (const struct hg_group *group = model->groups; group; group = group->hh.next)
		if (!hg_is_accepted(group) && !group->announced &&
		    hg_kind_fails(group->kind, group->level, options->fail_on))
			return HG_REPORT_FINDINGS;
	return HG_REPORT_CLEAN;
}

/* A report in a file does, whatever else is said on standard error. */
static bool tells_coverage(const struct hg_report_options *options)
{
	return options->target_count > 0 || (options->length == HG_REPORT_WHOLE && !options->summary);
}

enum hg_report_status hg_report(const struct hg_report_options *options, const char *const *paths, size_t path_count,
                                const struct hg_report_ending *endings, size_t ending_count)
{
	struct hg_model model;
	bool right = true;

	hg_model_init(&model);
	model.sources = options->sources;
	model.examples_after = options->examples_after;
	model.counts_reached = tells_coverage(options);
	right &= hg_gather(&model, options, paths, path_count, endings, ending_count);
	if (options->policy)
		hg_policy_apply(options->policy, &model);
	if (options->announced)
		hg_announced_apply(&model, options->announced);
	hg_map_paths(&model, options->path_maps, options->path_map_count);
	hg_load_all_launches(&model);
	if (!model.recordings && options->folder)
		hg_load_launches(&model, options->folder);
	if (options->nothing_covered)
		model.nothing_covered = hg_model_string(&model, options->nothing_covered);
	struct hg_report_options printing = *options;
	if (options->redact)
		hg_redact(&model, &printing);
	if (model.recordings || model.nothing_covered)
		right &= hg_output_report(&model, &printing);
	if (options->policy)
		hg_policy_tell_idle(options->policy, program_of(options), stderr);
	hg_tell_differing_manifests(hg_merged_recordings(&model), program_of(options), stderr);
	enum hg_report_status status = verdict(&model, options);
	/* Files were named, but none had begun to record. */
	right &= model.recordings || options->allow_empty;
	hg_model_drop(&model);
	return right ? status : HG_REPORT_UNABLE;
}

void hg_report_unguarded(const char *folder, const char *program, FILE *out)
{
	struct hg_model model;
	const struct hg_resolved_launch *launch;

	hg_model_init(&model);
	hg_load_launches(&model, folder);
	DL_FOREACH(model.launches, launch)
		fprintf(out, "%s: %s\n", program, hg_launch_text(&model, launch));
	if (model.launches_cut > 0)
		fprintf(out, "%s: %" PRIu64 " more programs ran without guards\n", program, model.launches_cut);
	hg_model_drop(&model);
}
