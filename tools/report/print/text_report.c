/* The text report: first what was guarded, so that silence can be told from blindness, then the findings. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "report/describe/launch_words.h"
#include "report/describe/manifests.h"
#include "report/describe/merge.h"
#include "report/describe/process_ending.h"
#include "report/model/names.h"
#include "report/print/print.h"
#include "report/print/side.h"

enum { LABEL_WIDTH = 12, INDENT = 2 + LABEL_WIDTH };

struct page {
	FILE *out;
	struct hg_model *model;
	const struct hg_paint *paint;
	bool full;
	const struct hg_recording *recording;
};

static void paint(const struct page *page, enum hg_colour colour)
{
	fputs(hg_paint(page->paint, colour), page->out);
}

static void label(const struct page *page, const char *word)
{
	paint(page, HG_FAINT);
	fprintf(page->out, "  %-*s", LABEL_WIDTH, word);
	paint(page, HG_PLAIN);
}

static void indent(const struct page *page)
{
	fprintf(page->out, "%*s", INDENT, "");
}

/* ---- The program ---- */

static void print_program(const struct page *page)
{
	const struct hg_recording *recording = page->recording;

	label(page, "program");
	fprintf(page->out, "%s\n", recording->executable[0] != '\0' ? recording->executable : "unknown");
	label(page, "command");
	for (size_t i = 0; i < recording->argument_count; i++) {
		if (i > 0)
			fputc(' ', page->out);
		hg_print_argument(page->out, recording->command[i]);
	}
	fputs(recording->reader.header->command_cut ? " ...\n" : "\n", page->out);
}

static void print_process(const struct page *page)
{
	const struct hg_record_header *header = page->recording->reader.header;
	time_t seconds = (time_t)(header->start_realtime_ns / 1000000000);
	struct tm parts;
	char when[64] = "an unknown time";

	if (header->start_realtime_ns != 0 && localtime_r(&seconds, &parts))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &parts);
	label(page, "process");
	fprintf(page->out, "%" PRIu32 " (parent %" PRIu32 "), recorded since %s\n", header->pid, header->parent_pid,
	        when);
}

static const char *fence_meaning(uint32_t fence)
{
	return fence == HG_FENCE_MEMBARRIER ? ""
	       : fence == HG_FENCE_FULL     ? " (this system has no membarrier: ops cost more)"
	                                    : " (membarrier was refused on the way: ops cost more since then)";
}

static void print_mode(const struct page *page)
{
	const struct hg_record_header *header = page->recording->reader.header;

	label(page, "mode");
	fprintf(page->out, "%s, drain %s, deadline ", hg_mode_name(header->mode), hg_drain_name(header->drain));
	hg_print_duration(page->out, header->deadline_ns);
	fprintf(page->out, ", fence %s%s\n", hg_fence_name(header->fence), fence_meaning(header->fence));
}

static void print_ending(const struct page *page)
{
	enum hg_how_ended ended = page->recording->ended;
	bool alarming = ended == HG_ENDED_SIGNAL || (ended == HG_ENDED_UNKNOWN && !page->recording->no_exit_handlers);

	label(page, "end");
	paint(page, alarming ? HG_YELLOW : HG_PLAIN);
	fputs(hg_ending_text(page->model, page->recording), page->out);
	paint(page, HG_PLAIN);
	fputc('\n', page->out);
}

/* ---- Coverage ---- */

enum { MOST_LISTED = 12 };

/* Functions of which nothing is known are listed with those that were never called. */
static enum hg_reach reach_of(const struct hg_coverage *coverage)
{
	return coverage->reach == HG_REACH_UNKNOWN ? HG_REACH_NEVER_CALLED : coverage->reach;
}

/* For functions that were not called, the object is named only if its own calls of them go unseen, or if it should have
 * them. */
static const char *object_of(const struct hg_coverage *coverage)
{
	enum hg_reach reach = reach_of(coverage);

	bool told = reach == HG_REACH_ABSENT || (reach > HG_REACH_NEVER_CALLED && reach < HG_REACH_CALLED);

	return told ? coverage->object : "";
}

static bool listed_as_one(const struct hg_coverage *one, const struct hg_coverage *other)
{
	return reach_of(one) == reach_of(other) && strcmp(object_of(one), object_of(other)) == 0;
}

static bool is_bound(const struct hg_coverage *coverage)
{
	return coverage->state == HG_SYMBOL_BOUND || coverage->state == HG_SYMBOL_EMBEDDED;
}

/* The names of the functions that are told as one with `like`, as far as there is room for them. */
static void name_functions(const struct page *page, const struct hg_coverage *like, FILE *list)
{
	size_t count = 0;

	for (size_t i = 0; i < page->recording->coverage_count; i++) {
		const struct hg_coverage *coverage = &page->recording->coverage[i];
		if (listed_as_one(coverage, like) && count++ < MOST_LISTED)
			fprintf(list, count > 1 ? ", %s" : "%s", coverage->function);
	}
	if (count > MOST_LISTED)
		fprintf(list, " and %zu more (--format json has all)", count - MOST_LISTED);
}

static const char *title_of(const struct page *page, const struct hg_coverage *coverage)
{
	switch (reach_of(coverage)) {
	case HG_REACH_NOT_LOADED:
		return "in no library of the process";
	case HG_REACH_ABSENT:
		return hg_model_printf(page->model, "missing in %s, which the manifest is for", coverage->object);
	case HG_REACH_LINKED_IN:
		return hg_model_printf(page->model, "linked into %s, whose calls are not seen", coverage->object);
	case HG_REACH_PASSED_BY:
		return hg_model_printf(page->model, "used only inside %s, which is linked with -Bsymbolic: not seen",
		                       coverage->object);
	case HG_REACH_IN_EXECUTABLE:
		return hg_model_printf(page->model, "defined in the program itself (%s), whose calls are not seen",
		                       coverage->object);
	default:
		return "never called";
	}
}

static void list_functions(const struct page *page, const struct hg_coverage *like)
{
	char *text = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&text, &length);

	if (!list)
		return;
	fprintf(list, "%s: ", title_of(page, like));
	name_functions(page, like, list);
	fclose(list);
	indent(page);
	hg_print_paragraph(page->out, text, INDENT, INDENT + 2);
	free(text);
}

/* Each list of functions of this reach once, told with its first function. */
static void list_reach(const struct page *page, enum hg_reach reach)
{
	const struct hg_coverage *all = page->recording->coverage;

	for (size_t i = 0; i < page->recording->coverage_count; i++) {
		size_t first = 0;
		while (!listed_as_one(&all[first], &all[i]))
			first++;
		if (reach_of(&all[i]) == reach && first == i)
			list_functions(page, &all[i]);
	}
}

/* Whether these should be guarded too, a person must tell. */
static void list_unnamed(const struct page *page, const struct hg_resolved_manifest *manifest)
{
	if (manifest->unnamed_count == 0)
		return;
	const char *words = hg_unnamed_words(page->model, manifest, MOST_LISTED);
	const char *text =
	    hg_model_printf(page->model, "used, but not named by the manifest %s, %zu of %s: %s", manifest->name,
	                    manifest->unnamed_count, manifest->unnamed[0].library, words);
	indent(page);
	hg_print_paragraph(page->out, text, INDENT, INDENT + 2);
}

/* "net (0123456789abcdef), box (...)" */
static void print_manifests(const struct page *page)
{
	for (size_t i = 0; i < page->recording->manifest_count; i++) {
		const struct hg_resolved_manifest *manifest = &page->recording->manifests[i];
		if (i == 0)
			label(page, page->recording->manifest_count > 1 ? "manifests" : "manifest");
		fprintf(page->out, "%s%s (%016" PRIx64 ")", i > 0 ? ", " : "", manifest->name, manifest->hash);
	}
	if (page->recording->manifest_count > 0)
		fputc('\n', page->out);
}

static void print_calls(const struct page *page)
{
	label(page, "calls");
	if (page->recording->calls > 0) {
		hg_print_number(page->out, page->recording->calls);
		fputs(" guarded\n", page->out);
		return;
	}
	paint(page, HG_RED);
	fputs("NONE: not one call was guarded. That there are no findings means nothing.\n", page->out);
	paint(page, HG_PLAIN);
}

static void print_coverage(const struct page *page)
{
	size_t counts[HG_REACH_COUNT] = {0};
	size_t bound = 0;

	for (size_t i = 0; i < page->recording->coverage_count; i++) {
		counts[reach_of(&page->recording->coverage[i])]++;
		bound += is_bound(&page->recording->coverage[i]);
	}
	label(page, "functions");
	size_t unseen = counts[HG_REACH_LINKED_IN] + counts[HG_REACH_PASSED_BY] + counts[HG_REACH_IN_EXECUTABLE];
	fprintf(page->out, "%zu guarded: %zu bound, %zu called, %zu never called, %zu missing",
	        page->recording->coverage_count, bound, counts[HG_REACH_CALLED], counts[HG_REACH_NEVER_CALLED],
	        counts[HG_REACH_NOT_LOADED] + counts[HG_REACH_ABSENT]);
	if (unseen > 0)
		fprintf(page->out, ", %zu out of sight", unseen);
	fputc('\n', page->out);
	hg_print_text_reached(page->out, page->model, page->recording, INDENT);
	list_reach(page, HG_REACH_NEVER_CALLED);
	list_reach(page, HG_REACH_NOT_LOADED);
	list_reach(page, HG_REACH_ABSENT);
	for (enum hg_reach reach = HG_REACH_LINKED_IN; reach <= HG_REACH_IN_EXECUTABLE; reach++)
		list_reach(page, reach);
	for (size_t i = 0; i < page->recording->manifest_count; i++)
		list_unnamed(page, &page->recording->manifests[i]);
	print_calls(page);
}

/* ---- Handles ---- */

static bool has_handles(const struct hg_resolved_class *class)
{
	return class->created + class->adopted + class->freed + class->leaked > 0;
}

static void print_class(const struct page *page, const struct hg_resolved_class *class)
{
	indent(page);
	fprintf(page->out, "%-20s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n", class->name,
	        class->created, class->adopted, class->freed, class->leaked, class->live);
}

static void print_classes(const struct page *page)
{
	size_t without = 0;

	label(page, "handles");
	fprintf(page->out, "%-20s %10s %10s %10s %10s %10s\n", "class", "created", "adopted", "freed", "leaked",
	        "live");
	for (size_t i = 0; i < page->recording->class_count; i++) {
		const struct hg_resolved_class *class = &page->recording->classes[i];
		if (has_handles(class))
			print_class(page, class);
		else
			without++;
	}
	if (without == 0)
		return;
	indent(page);
	hg_print_count(page->out, without, "class", "classes");
	fputs(" without a handle\n", page->out);
}

/* " of socket 0x1f, 0x2f" */
static void print_op_handles(const struct page *page, const struct hg_op_in_flight *op)
{
	for (size_t i = 0; i < op->handle_count; i++) {
		if (i == 0)
			fprintf(page->out, " of %s", op->class);
		fprintf(page->out, i == 0 ? " 0x%" PRIx64 : ", 0x%" PRIx64, op->handles[i]);
	}
}

static void print_op(const struct page *page, const struct hg_op_in_flight *op)
{
	fputs(op->call.function ? op->call.function : "an unknown function", page->out);
	print_op_handles(page, op);
	fprintf(page->out, " in thread %" PRIu32, op->call.tid);
	if (op->call.thread_name[0] != '\0')
		fprintf(page->out, " (%s)", op->call.thread_name);
	fputs(", called from\n", page->out);
	hg_print_text_stack(page->out, page->model, page->paint, &op->call.stack, INDENT + 2, page->full);
}

static void print_in_flight(const struct page *page)
{
	const struct hg_op_in_flight *op;
	bool first = true;

	DL_FOREACH(page->recording->in_flight, op) {
		if (first)
			label(page, page->recording->ended == HG_ENDED_RUNNING ? "in flight" : "was in");
		else
			indent(page);
		print_op(page, op);
		first = false;
	}
}

/* ---- What was given up ---- */

static void print_reason(const struct page *page, bool *first, uint64_t count, const char *name, const char *meaning)
{
	if (count == 0)
		return;
	if (*first)
		label(page, "gave up");
	else
		indent(page);
	*first = false;
	fprintf(page->out, "%s ", name);
	hg_print_number(page->out, count);
	fprintf(page->out, ": %s\n", meaning);
}

/* The counters that tell of no loss. */
static bool is_no_loss(int counter)
{
	return counter == HG_COUNTER_QUARANTINE_HELD || counter == HG_COUNTER_PROVOKE_HELD ||
	       counter == HG_COUNTER_PROVOKE_HELD_US || counter == HG_COUNTER_NATIVES_REGISTERED ||
	       counter == HG_COUNTER_NATIVES_GUARDED;
}

static void print_provoked(const struct page *page)
{
	const uint64_t *counters = page->recording->reader.header->counters;

	if (counters[HG_COUNTER_PROVOKE_HELD] == 0)
		return;
	label(page, "provoked");
	hg_print_count(page->out, counters[HG_COUNTER_PROVOKE_HELD], "call was", "calls were");
	fputs(" held back, for ", page->out);
	hg_print_duration(page->out, counters[HG_COUNTER_PROVOKE_HELD_US] * 1000);
	fputs(" in all\n", page->out);
}

static void print_natives(const struct page *page)
{
	const uint64_t *counters = page->recording->reader.header->counters;

	if (counters[HG_COUNTER_NATIVES_REGISTERED] == 0)
		return;
	label(page, "natives");
	hg_print_count(page->out, counters[HG_COUNTER_NATIVES_REGISTERED], "native method was", "native methods were");
	fputs(" registered with the Java VM, ", page->out);
	hg_print_number(page->out, counters[HG_COUNTER_NATIVES_GUARDED]);
	fputs(" of which guarded\n", page->out);
}

static void print_quarantine(const struct page *page)
{
	uint64_t count = page->recording->reader.header->counters[HG_COUNTER_QUARANTINE_HELD];

	if (count == 0)
		return;
	label(page, "quarantine");
	hg_print_number(page->out, count);
	fprintf(page->out, " %s\n", hg_counter_meaning(HG_COUNTER_QUARANTINE_HELD));
}

static void print_reasons(const struct page *page)
{
	bool first = true;

	print_quarantine(page);
	print_provoked(page);
	print_natives(page);
	for (int i = 0; i < HG_COUNTER_COUNT; i++)
		if (!is_no_loss(i))
			print_reason(page, &first, page->recording->reader.header->counters[i], hg_counter_name(i),
			             hg_counter_meaning(i));
	print_reason(page, &first, page->recording->torn, "findings-torn",
	             "findings that were not written to their end, or whose bytes are damaged");
}

static void print_recording(const struct page *page)
{
	paint(page, HG_BOLD);
	fprintf(page->out, "\nRecording %s\n", page->recording->file);
	paint(page, HG_PLAIN);
	print_program(page);
	print_process(page);
	print_mode(page);
	print_ending(page);
	print_manifests(page);
	print_coverage(page);
	print_classes(page);
	print_in_flight(page);
	print_reasons(page);
}

/* ---- Many recordings ---- */

/* More recordings than this are told together, and each of them only in short. */
enum { MOST_TOLD_IN_FULL = 6 };

static void print_in_short(const struct page *page)
{
	const struct hg_recording *recording = page->recording;

	fprintf(page->out, "\n%s\n", recording->file);
	print_process(page);
	print_ending(page);
	print_calls(page);
	print_in_flight(page);
	print_reasons(page);
}

static void print_together(struct page page)
{
	const struct hg_recording *recording;

	page.recording = hg_merged_recordings(page.model);
	paint(&page, HG_BOLD);
	fputs("\nAll recordings together\n", page.out);
	paint(&page, HG_PLAIN);
	print_coverage(&page);
	print_classes(&page);
	DL_FOREACH(page.model->recordings, recording) {
		page.recording = recording;
		print_in_short(&page);
	}
}

/* ---- All ---- */

static void print_nothing_covered(const struct page *page)
{
	fputs("\nNOTHING WAS COVERED: ", page->out);
	hg_print_paragraph(page->out, page->model->nothing_covered, strlen("NOTHING WAS COVERED: "), 0);
}

/* ---- What was not seen ---- */

enum { MOST_LAUNCHES = 8 };

static void print_unseen(const struct page *page, uint64_t count, const char *one, const char *many)
{
	if (count == 0)
		return;
	fputs("  ", page->out);
	hg_print_count(page->out, count, one, many);
	fputc('\n', page->out);
}

static void print_launches(const struct page *page)
{
	const struct hg_model *model = page->model;
	const struct hg_resolved_launch *launch;
	uint64_t resolved = 0, unlisted = model->launches_cut;

	if (model->launches || unlisted > 0 || model->unrecorded > 0)
		fputs("\nNot seen\n", page->out);
	DL_FOREACH(model->launches, launch) {
		if (resolved++ >= MOST_LAUNCHES) {
			unlisted++;
			continue;
		}
		fputs("  ", page->out);
		hg_print_paragraph(page->out, hg_launch_text(page->model, launch), 2, 4);
	}
	print_unseen(page, unlisted, "more such program", "more such programs");
	print_unseen(page, model->unrecorded, "process could make no recording, so that nothing is known of it",
	             "processes could make no recording, so that nothing is known of them");
}

/* In short: somebody has looked at them. */
static void print_accepted(const struct page *page)
{
	const char *before = "\nAccepted\n";

	for (const struct hg_group *group = page->model->groups; group; group = group->hh.next) {
		if (!hg_is_accepted(group))
			continue;
		fputs(before, page->out);
		before = "";
		const char *line = hg_model_printf(
		    page->model, "%s, fingerprint %016" PRIx64 ": %s", hg_finding_title(page->model, group),
		    group->fingerprint, group->suppressed ? group->suppressed->reason : "it is in the baseline");
		fputs("  ", page->out);
		hg_print_paragraph(page->out, line, 2, 4);
	}
}

static bool fails(const struct hg_group *group, const struct hg_report_options *options)
{
	return !hg_is_accepted(group) && !group->announced &&
	       hg_kind_fails(group->kind, group->level, options->fail_on);
}

static bool any_fails(const struct hg_model *model, const struct hg_report_options *options)
{
	for (const struct hg_group *group = model->groups; group; group = group->hh.next)
		if (fails(group, options))
			return true;
	return false;
}

static void print_rest(const struct page *page, const struct hg_report_options *options)
{
	size_t number = 0;

	for (const struct hg_group *group = page->model->groups; group; group = group->hh.next)
		if (fails(group, options))
			hg_print_text_group(page->out, page->model, page->paint, group, ++number, page->full);
}

void hg_print_text(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	const struct hg_paint colours = hg_paint_of(out, options);
	struct page page = {.out = out, .model = model, .paint = &colours, .full = options->full};

	enum hg_report_length length = out == stderr ? options->length : HG_REPORT_WHOLE;
	if (length == HG_REPORT_BRIEF && !any_fails(model, options))
		return;
	hg_set_width(out, options->width);
	hg_print_headline(out, model, &colours, NULL);
	if (!model->recordings && model->nothing_covered)
		print_nothing_covered(&page);
	if (length == HG_REPORT_REST || length == HG_REPORT_HEADLINE)
		print_launches(&page);
	if (length == HG_REPORT_REST || length == HG_REPORT_BRIEF)
		print_rest(&page, options);
	if (length != HG_REPORT_WHOLE)
		return;
	if (options->summary) {
		hg_print_summary(out, model, &colours, options);
		return;
	}
	if (hg_count_recordings(model) > MOST_TOLD_IN_FULL)
		print_together(page);
	else
		DL_FOREACH(model->recordings, page.recording)
			print_recording(&page);
	print_launches(&page);
	size_t number = 0;
	const struct hg_group *group = model->groups;
	for (; group && (options->full || !hg_is_accepted(group)); group = group->hh.next)
		hg_print_text_group(out, model, &colours, group, ++number, options->full);
	print_accepted(&page);
}
