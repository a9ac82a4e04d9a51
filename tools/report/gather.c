#include "report/gather.h"

#include <utlist.h>

#include "report/describe/describe.h"
#include "report/describe/group.h"
#include "report/describe/merge.h"
#include "report/describe/process_ending.h"
#include "report/describe/rest.h"
#include "report/keep/keep.h"
#include "report/progress.h"
#include "report/read/find.h"
#include "report/read/kept_endings.h"

struct gathering {
	struct hg_loading loading;
	const struct hg_report_options *options;
	const struct hg_report_ending *endings;
	size_t ending_count;
	struct hg_recording *first; /* of those that are awake; null: none */
	size_t awake;
	int64_t left_ms; /* to keep names */
};

static void describe(struct gathering *gathering, struct hg_recording *recording)
{
	struct hg_model *model = gathering->loading.model;

	DL_APPEND(model->recordings, recording);
	gathering->first = gathering->awake++ > 0 ? gathering->first : recording;
	hg_describe_recording(model, recording);
	hg_describe_ending(model, recording, gathering->endings, gathering->ending_count);
	hg_group_recording(model, recording);
	hg_merge_recording(model, recording);
}

/* False after saying what is wrong. */
static bool gather_one(struct gathering *gathering, struct hg_recording *recording)
{
	struct hg_model *model = gathering->loading.model;

	hg_model_begin_passing(model);
	enum hg_loaded loaded = hg_load(&gathering->loading, recording);
	hg_model_end_passing(model);
	if (loaded != HG_LOADED)
		return loaded == HG_LOADED_NOTHING;
	bool right = hg_kept_ending(&gathering->loading, recording->path, recording);
	describe(gathering, recording);
	return right;
}

static void end_batch(struct gathering *gathering, bool rest)
{
	struct hg_model *model = gathering->loading.model;

	if (gathering->options->keep_names)
		hg_keep_names(model, gathering->first, &gathering->left_ms);
	if (rest)
		hg_rest(model, gathering->first);
	gathering->first = NULL;
	gathering->awake = 0;
}

static bool gather_all(struct gathering *gathering)
{
	struct hg_model *model = gathering->loading.model;
	size_t count = HASH_CNT(by_file, model->files);
	struct hg_progress progress = hg_progress_begin(gathering->options->progress, count);
	bool many = count > HG_MOST_AWAKE, right = true;

	for (struct hg_recording *file = model->files; file; file = file->by_file.next) {
		right &= gather_one(gathering, file);
		if (gathering->awake == HG_MOST_AWAKE)
			end_batch(gathering, many);
		hg_progress_step(&progress);
	}
	end_batch(gathering, many);
	hg_progress_end(&progress);
	return right;
}

bool hg_gather(struct hg_model *model, const struct hg_report_options *options, const char *const *paths,
               size_t path_count, const struct hg_report_ending *endings, size_t ending_count)
{
	struct hg_kept_endings kept = {0};
	struct gathering gathering = {.loading = {model, stderr, options->program ? options->program : "handleguard",
	                                          options->allow_empty, &kept},
	                              .options = options,
	                              .endings = endings,
	                              .ending_count = ending_count,
	                              .left_ms = HG_KEEP_MS};
	bool right = true;

	for (size_t i = 0; i < path_count; i++)
		right &= hg_find(&gathering.loading, paths[i]);
	right &= gather_all(&gathering);
	hg_kept_endings_drop(&kept);
	hg_finish_groups(model);
	return right;
}
