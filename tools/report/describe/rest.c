#include "report/describe/rest.h"

#include <stddef.h>
#include <string.h>

#include "report/describe/describe.h"
#include "report/describe/redact.h"
#include "report/symbols/symbolize.h"

/* What a recording has of its header at rest: it announces no extents, so that readers find nothing. */
static const struct hg_record_header *beginning_of(struct hg_model *model, const struct hg_record_header *header)
{
	enum { BEGINNING = offsetof(struct hg_record_header, extents) };
	struct hg_record_header *kept = hg_model_take(model, BEGINNING);

	memcpy(kept, header, BEGINNING);
	kept->extent_count = 0;
	return kept;
}

static void forget_bytes(struct hg_recording *recording, const struct hg_record_header *header)
{
	hg_recording_drop_bytes(recording);
	recording->reader = (struct hg_reader){.header = header};
	recording->findings = NULL;
	recording->coverage = NULL;
	recording->classes = NULL;
	recording->manifests = NULL;
	recording->kept_names = NULL;
	recording->perf_map = NULL;
	recording->finding_count = recording->coverage_count = recording->class_count = recording->manifest_count = 0;
}

void hg_rest(struct hg_model *model, struct hg_recording *first)
{
	for (struct hg_recording *recording = first; recording; recording = recording->next)
		forget_bytes(recording, beginning_of(model, recording->reader.header));
	hg_forget_names(model);
	hg_model_drop_passing(model);
	model->resting = true;
}

static bool is_the_same(const struct hg_record_header *one, const struct hg_record_header *other)
{
	return one->pid == other->pid && one->start_ticks == other->start_ticks &&
	       one->start_realtime_ns == other->start_realtime_ns;
}

void hg_wake(struct hg_model *model, struct hg_recording *recording)
{
	const struct hg_loading loading = {.model = model, .errors = stderr, .program = "handleguard"};
	const struct hg_record_header *header = recording->reader.header;

	if (!model->resting)
		return;
	recording->resting_header = header;
	hg_model_begin_passing(model);
	bool loaded = hg_load(&loading, recording) == HG_LOADED && is_the_same(header, recording->reader.header);
	hg_model_end_passing(model);
	if (!loaded) {
		forget_bytes(recording, header);
		return;
	}
	hg_describe_passing(model, recording);
	if (model->redaction)
		hg_redact_coverage(model->redaction, recording);
}

void hg_rest_again(struct hg_model *model, struct hg_recording *recording)
{
	if (!model->resting)
		return;
	forget_bytes(recording, recording->resting_header);
	hg_model_drop_passing(model);
}
