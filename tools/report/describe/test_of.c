/* In which test a call was made: the last label that its thread has had before, or the function that Go's runner
 * called. Threads that a test has started had none as a rule: there the last one of the process is a guess. */
#include "report/describe/test_of.h"

#include <string.h>

/* Go's own runner calls the function of a test, or of a subtest. */
static const char *go_test(const struct hg_resolved_call *call)
{
	const struct hg_resolved_frame *frames = call->stack.told;

	for (size_t i = 1; i < call->stack.told_count; i++)
		if (frames[i].function && strcmp(frames[i].function, "testing.tRunner") == 0)
			return frames[i - 1].function;
	return NULL;
}

static bool is_last(const struct hg_reader *reader, const struct hg_record_label *label)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_LABELS);

	return label && limit > 0 && label == hg_reader_label(reader, limit - 1);
}

void hg_describe_test(struct hg_model *model, const struct hg_recording *recording, struct hg_resolved_call *call,
                      uint64_t ticks)
{
	const struct hg_reader *reader = &recording->reader;
	const struct hg_record_label *own = NULL, *any = NULL;
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_LABELS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_label *label = hg_reader_label(reader, i);
		if (!label || label->ticks > ticks)
			continue;
		if (!any || label->ticks >= any->ticks)
			any = label;
		if (label->tid == call->tid && (!own || label->ticks >= own->ticks))
			own = label;
	}
	/* What was said after the table was full is not known. */
	bool lost = reader->header->counters[HG_COUNTER_LABELS_FULL] != 0 && is_last(reader, any);
	const struct hg_record_label *label = lost ? NULL : own ? own : any;
	const char *function = own ? NULL : go_test(call);
	if (function) {
		call->test = function;
		call->test_is_sure = true;
		return;
	}
	if (!label || label->text == 0)
		return;
	call->test = hg_model_string(model, hg_reader_text(reader, label->text));
	call->test_is_sure = own != NULL;
}

static const char *named(struct hg_model *model, const struct hg_resolved_call *call)
{
	return call->test_is_sure ? call->test : hg_model_printf(model, "%s?", call->test);
}

static bool is_other(const struct hg_resolved_call *call, const struct hg_resolved_call *first)
{
	return call && call != first && call->test && (!first || strcmp(call->test, first->test) != 0);
}

const char *hg_tests_of(struct hg_model *model, const struct hg_resolved_finding *finding)
{
	const struct {
		const struct hg_resolved_call *call;
		const char *what;
	} sides[] = {{finding->call, "the call"},
	             {finding->free, "the free"},
	             {finding->in_flight, "the call in flight"},
	             {finding->create, "the create"}};
	const struct hg_resolved_call *first = NULL;
	const char *text = NULL;

	for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
		if (!is_other(sides[i].call, first))
			continue;
		const char *test = named(model, sides[i].call);
		text = text ? hg_model_printf(model, "%s; %s: %s", text, sides[i].what, test) : test;
		first = first ? first : sides[i].call;
	}
	return text;
}
