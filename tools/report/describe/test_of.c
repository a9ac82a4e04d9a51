/* In which test a call was made: the last label that its thread has had before, or the test that its frames name.
 * Threads that began before any label had none: there the last one of the process is a guess. */
#include "report/describe/test_of.h"

#include <string.h>

#include "format/user_place.h"
#include "report/describe/test_frames.h"

struct labels {
	const struct hg_record_label *own, *any; /* the last of the thread, and of the process; null: none */
	bool is_later;                           /* there is one that was said later */
};

static struct labels labels_before(const struct hg_reader *reader, uint32_t tid, uint64_t ticks)
{
	struct labels labels = {NULL, NULL, false};
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_LABELS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_label *label = hg_reader_label(reader, i);
		if (label && label->ticks > ticks)
			labels.is_later = true;
		if (!label || label->ticks > ticks)
			continue;
		if (!labels.any || label->ticks >= labels.any->ticks)
			labels.any = label;
		/* In their order: what a thread goes on with was said before the thread was there. */
		if (label->tid == tid)
			labels.own = label;
	}
	return labels;
}

static void say(struct hg_resolved_call *call, const char *test, bool is_sure)
{
	call->test = test;
	call->test_is_sure = is_sure;
}

void hg_describe_test(struct hg_model *model, const struct hg_recording *recording, struct hg_resolved_call *call,
                      uint64_t ticks, bool is_of_place)
{
	const struct hg_reader *reader = &recording->reader;
	struct labels labels = labels_before(reader, call->tid, ticks);
	/* What was said after the table was full is not known. */
	bool lost = reader->header->counters[HG_COUNTER_LABELS_FULL] != 0 && !labels.is_later;
	const struct hg_record_label *label = labels.own ? labels.own : labels.any;
	size_t frame;
	const char *test = labels.own && !lost ? NULL : hg_test_by_frames(model, &call->stack, &frame);

	if (test)
		say(call, test, !is_of_place || frame < HG_USER_PLACE_KEYED);
	else if (label && label->text != 0 && !lost)
		say(call, hg_model_string(model, hg_reader_text(reader, label->text)), labels.own != NULL);
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
