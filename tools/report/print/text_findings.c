/* One group of findings in the text report: its head, the story, who was where, and what it comes from. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <utlist.h>

#include "common/files.h"
#include "report/describe/advice.h"
#include "report/describe/short_name.h"
#include "report/describe/story.h"
#include "report/print/print.h"

enum { INDENT = 3, MOST_NAMED = 5 };

struct page {
	FILE *out;
	struct hg_model *model;
	const struct hg_paint *paint;
	bool full;
};

static void paint(const struct page *page, enum hg_colour colour)
{
	fputs(hg_paint(page->paint, colour), page->out);
}

/* ---- Parties ---- */

static void print_time(const struct page *page, uint64_t ns)
{
	fputs(", ", page->out);
	hg_print_duration(page->out, ns);
	fputs(" after the start", page->out);
}

static void print_party(const struct page *page, const char *title, const struct hg_resolved_call *call)
{
	if (!call)
		return;
	fprintf(page->out, "\n%*s%s", INDENT, "", title);
	if (call->function)
		fprintf(page->out, " %s", call->function);
	if (call->tid != 0)
		fprintf(page->out, " in %s", hg_thread_text(page->model, call));
	if (call->time_ns != 0)
		print_time(page, call->time_ns);
	fputs(":\n", page->out);
	hg_print_text_stack(page->out, page->model, page->paint, &call->stack, INDENT + 2, page->full);
}

static const char *call_title(enum hg_kind kind)
{
	switch (kind) {
	case HG_KIND_LATE_FREE:
	case HG_KIND_DRAIN_TIMEOUT:
	case HG_KIND_REENTRANT_FREE:
	case HG_KIND_GIVEN_FREE:
	case HG_KIND_FREE_AT_RETURN:
		return "The free:";
	case HG_KIND_REPEAT_FREE:
		return "The second free:";
	case HG_KIND_REBORN:
	case HG_KIND_EXHAUSTED:
		return "The create:";
	case HG_KIND_FREED_LATE:
		return "The free that took place, when the last call left:";
	case HG_KIND_SEVERED:
		return "The disconnect:";
	default:
		return "The call:";
	}
}

static const char *child_title(enum hg_kind kind)
{
	return kind == HG_KIND_DANGLING ? "Attached" : kind == HG_KIND_GIVEN_FREE ? "Given to" : "Still alive";
}

/* ---- Holders ---- */

/* "Cut off: net_connect in thread 7 (reader), 2 claims, from libnet.so" with its stack, for each of them. */
static void print_holder(const struct page *page, const char *title, const struct hg_resolved_call *holder)
{
	const struct hg_resolved_stack *stack = &holder->stack;
	const char *object = stack->count > 0 ? stack->frames[0].object : "";

	if (holder->claims > 1)
		title =
		    hg_model_printf(page->model, "%s, with the latest of %" PRIu32 " claims", title, holder->claims);
	if (object[0] != '\0')
		title = hg_model_printf(page->model, "%s, from %s:", title, hg_base_name(object));
	else
		title = hg_model_printf(page->model, "%s:", title);
	print_party(page, title, holder);
}

/* "0x1f     net_connect, thread 7 (reader), 2 claims, from open_it (libnet.so)" */
static void print_listed(const struct page *page, const struct hg_resolved_call *holder)
{
	const struct hg_resolved_frame *frame = holder->stack.count > 0 ? &holder->stack.frames[0] : NULL;
	const char *function = holder->function ? holder->function : "an unknown function";

	fprintf(page->out, "%*s0x%-6" PRIx64 " %s, %s", INDENT + 2, "", holder->handle, function,
	        hg_thread_text(page->model, holder));
	if (holder->claims > 1)
		fprintf(page->out, ", %" PRIu32 " claims", holder->claims);
	const char *object = frame ? hg_base_name(frame->object) : "";
	if (frame && frame->function)
		fprintf(page->out, ", from %s (%s)", hg_short_name(page->model, frame), object);
	else if (object[0] != '\0')
		fprintf(page->out, ", from %s", object);
	fputc('\n', page->out);
}

static void print_unlisted(const struct page *page, uint64_t count, const char *one, const char *many)
{
	if (count == 0)
		return;
	fprintf(page->out, "%*sand ", INDENT + 2, "");
	hg_print_count(page->out, count, one, many);
	fputc('\n', page->out);
}

static const char *holder_title(const struct hg_resolved_finding *finding)
{
	if (finding->kind != HG_KIND_SEVERED)
		return "Held";
	return finding->withheld ? "Would have been cut off" : "Cut off";
}

static void print_holders(const struct page *page, const struct hg_resolved_finding *finding)
{
	const struct hg_resolved_call *holder;
	bool as_table = finding->kind == HG_KIND_EXHAUSTED;

	if (finding->holders && as_table)
		fprintf(page->out, "\n%*sLive handles, and who holds them:\n", INDENT, "");
	DL_FOREACH(finding->holders, holder)
		if (as_table)
			print_listed(page, holder);
		else
			print_holder(page, holder_title(finding), holder);
	print_unlisted(page, finding->unlisted_holders, "more holder", "more holders");
	print_unlisted(page, finding->unlisted_handles, "more live handle", "more live handles");
}

static void print_parties(const struct page *page, const struct hg_resolved_finding *finding)
{
	const struct hg_resolved_call *op;

	print_party(page, call_title(finding->kind), finding->call);
	DL_FOREACH(finding->in_flight, op)
		print_party(page, "In flight:", op);
	print_holders(page, finding);
	print_party(page,
	            finding->kind == HG_KIND_FREED_AGAIN ? "The free before:" : "The free that won:", finding->free);
	print_party(page, finding->create && finding->create->adopted ? "First met in" : "Created by", finding->create);
	DL_FOREACH(finding->recent, op)
		print_party(
		    page,
		    hg_model_printf(page->model, "Freed before: %s 0x%" PRIx64 ", with", finding->class, op->handle),
		    op);
	DL_FOREACH(finding->children, op)
		print_party(page,
		            hg_model_printf(page->model, "%s: %s 0x%" PRIx64 ", created by", child_title(finding->kind),
		                            op->class, op->handle),
		            op);
}

/* ---- The group ---- */

static void print_share(const struct page *page, const struct hg_share *share)
{
	fprintf(page->out, "%*s", INDENT, "");
	hg_print_count(page->out, share->count, "time", "times");
	fprintf(page->out, " in process %" PRIu32, share->recording->reader.header->pid);
	print_time(page, share->first_ns);
	if (share->last_ns > share->first_ns) {
		fputs(", last ", page->out);
		hg_print_duration(page->out, share->last_ns);
		fputs(" after it", page->out);
	}
	fputc('\n', page->out);
}

/* How often, when, and in which processes; of many, only the first are named. */
static void print_occurrences(const struct page *page, const struct hg_group *group)
{
	const struct hg_share *share;
	uint64_t named = 0, others = 0, rest = group->count;

	DL_FOREACH(group->shares, share) {
		if (named == MOST_NAMED) {
			others++;
			continue;
		}
		print_share(page, share);
		named++;
		rest -= share->count;
	}
	if (others == 0)
		return;
	fprintf(page->out, "%*s", INDENT, "");
	hg_print_count(page->out, rest, "time", "times");
	fputs(" in ", page->out);
	hg_print_count(page->out, others, "other process\n", "other processes\n");
}

static void print_paragraph(const struct page *page, const char *title, const char *text)
{
	fprintf(page->out, "\n%*s", INDENT, "");
	int at = INDENT;
	if (title) {
		paint(page, HG_BOLD);
		at += fprintf(page->out, "%s: ", title);
		paint(page, HG_PLAIN);
	}
	hg_print_paragraph(page->out, text, at, INDENT);
}

/* The words for what the guard prevented are others than those for what happened. */
static bool is_same_advice(const struct hg_group *one, const struct hg_group *other)
{
	return one->advice == other->advice && hg_was_prevented(one->resolved) == hg_was_prevented(other->resolved);
}

/* The first group to which the same advice applies. */
static size_t number_with_advice(const struct hg_model *model, const struct hg_group *group)
{
	size_t number = 1;
	const struct hg_group *other = model->groups;

	for (; other != group && !is_same_advice(other, group); other = other->hh.next)
		number++;
	return number;
}

void hg_print_text_group(FILE *out, struct hg_model *model, const struct hg_paint *colours,
                         const struct hg_group *group, size_t number, bool full)
{
	struct page page = {.out = out, .model = model, .paint = colours, .full = full};
	const struct hg_resolved_finding *finding = group->resolved;

	hg_print_text_head(out, model, colours, group, number);
	fputc('\n', out);
	print_occurrences(&page, group);
	print_paragraph(&page, NULL, hg_story(model, finding));
	if (group->told_by == HG_TOLD_BY_SITE)
		print_paragraph(&page, NULL,
		                "(No example of it is left in the recording: see what was given up. Only the call "
		                "sites are known.)");
	print_parties(&page, finding);
	size_t earlier = number_with_advice(model, group);
	const char *title = hg_was_prevented(finding) ? "Without the guard" : "What it means";
	if (earlier < number) {
		print_paragraph(&page, hg_model_printf(model, "%s, usual cause", title),
		                hg_model_printf(model, "as of finding %zu.", earlier));
		return;
	}
	print_paragraph(&page, title, hg_consequence(finding));
	print_paragraph(&page, "Usual cause", group->advice->cause);
}
