/* The report in one line: how much was found, and whether a process came to grief inside a guarded call. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "common/signal_name.h"
#include "report/describe/rest.h"
#include "report/model/names.h"
#include "report/print/print.h"

enum { MOST_NAMED = 3 };

struct hg_paint hg_paint_of(FILE *out, const struct hg_report_options *options)
{
	bool on = options->colour == HG_COLOUR_AUTO ? hg_wants_colour(out) : options->colour == HG_COLOUR_ALWAYS;

	return (struct hg_paint){.on = on};
}

enum hg_colour hg_level_colour(enum hg_level level)
{
	return level == HG_LEVEL_ERROR ? HG_RED : level == HG_LEVEL_WARNING ? HG_YELLOW : HG_BOLD;
}

/* ": 2 errors, 1 note" */
static void print_levels(FILE *out, struct hg_model *model, const struct hg_paint *paint, const size_t *levels)
{
	const char *before = ": ";

	for (int level = HG_LEVEL_ERROR; level >= HG_LEVEL_NOTE; level--) {
		if (levels[level] == 0)
			continue;
		fprintf(out, "%s%s", before, hg_paint(paint, hg_level_colour(level)));
		hg_print_count(out, levels[level], hg_level_name(level),
		               hg_model_printf(model, "%ss", hg_level_name(level)));
		fputs(hg_paint(paint, HG_PLAIN), out);
		before = ", ";
	}
}

/* ---- How processes came to grief ---- */

static bool is_crash(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGFPE || signal == SIGILL ||
	       signal == SIGTRAP || signal == SIGSYS;
}

/* A process does not come to grief in a thread whose free waits for others. */
static bool waits(const struct hg_recording *recording, const struct hg_op_in_flight *op)
{
	for (uint64_t i = 0; op->frees && i < recording->finding_count; i++) {
		const struct hg_record_finding *finding = recording->findings[i];
		const struct hg_record_party *party = NULL;
		while (hg_finding_outcome(finding).state == HG_FINDING_OPEN &&
		       (party = hg_reader_party(finding, party)))
			if (party->role == HG_PARTY_CALL && party->tid == op->call.tid)
				return true;
	}
	return false;
}

static bool is_named_before(const struct hg_recording *recording, const struct hg_op_in_flight *op)
{
	const struct hg_op_in_flight *other;

	for (other = recording->in_flight; other != op; other = other->next)
		if (!waits(recording, other) && other->call.function && op->call.function &&
		    strcmp(other->call.function, op->call.function) == 0)
			return true;
	return false;
}

/* "net_recv, net_poll and 2 more" */
static size_t name_calls(const struct hg_recording *recording, FILE *out)
{
	size_t count = 0;
	const struct hg_op_in_flight *op;

	DL_FOREACH(recording->in_flight, op) {
		if (waits(recording, op) || is_named_before(recording, op))
			continue;
		const char *function = op->call.function ? op->call.function : "an unknown function";
		if (count++ < MOST_NAMED)
			fprintf(out, count > 1 ? ", %s" : "%s", function);
	}
	if (count > MOST_NAMED)
		fprintf(out, " and %zu more", count - MOST_NAMED);
	return count;
}

static bool is_waiting(const struct hg_recording *recording, const struct hg_record_thread *thread)
{
	const struct hg_op_in_flight *op;
	DL_FOREACH(recording->in_flight, op)
		if (op->call.tid == thread->tid && waits(recording, op))
			return true;
	return false;
}

/* Nobody says which thread has crashed: surely the one in a call only if no other is known that could have. */
static bool is_alone(const struct hg_recording *recording)
{
	size_t running = 0;
	uint64_t limit = hg_reader_limit(&recording->reader, HG_EXTENT_THREADS);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(&recording->reader, i);
		running += thread && thread->state == HG_THREAD_LIVE && !is_waiting(recording, thread);
	}
	return running == 1;
}

/* If several calls were in flight, the process may have come to grief in any of them. */
static const char *grief(struct hg_model *model, const struct hg_recording *recording)
{
	char *names = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&names, &length);

	if (!list)
		return "";
	size_t calls = name_calls(recording, list);
	fclose(list);
	bool crashed = recording->ended == HG_ENDED_SIGNAL && is_crash(recording->ended_by);
	const char *how = recording->ended == HG_ENDED_SIGNAL
	                      ? hg_model_printf(model, "was killed by %s", hg_signal_name(recording->ended_by))
	                      : "ended without an exit mark";
	bool inside = calls == 1 && crashed && is_alone(recording);
	const char *where = calls == 0 ? crashed ? " outside guarded calls" : ""
	                    : inside   ? hg_model_printf(model, " inside %s", names)
	                               : hg_model_printf(model, " with calls in flight: %s", names);
	free(names);
	return hg_model_printf(model, "process %" PRIu32 " %s%s", recording->reader.header->pid, how, where);
}

static bool was_aborted_by_mode(const struct hg_recording *recording)
{
	return recording->reader.header->mode == HG_MODE_ABORT && recording->ended_by == SIGABRT && recording->noted;
}

/* Not what others have ended while it was in no guarded call. */
static bool came_to_grief(const struct hg_recording *recording)
{
	if (recording->ended == HG_ENDED_SIGNAL)
		return !was_aborted_by_mode(recording) && (is_crash(recording->ended_by) || recording->in_flight);
	return recording->ended == HG_ENDED_UNKNOWN && !recording->no_exit_handlers && recording->in_flight;
}

static size_t count_grief(const struct hg_model *model, struct hg_recording **first)
{
	size_t count = 0;
	struct hg_recording *recording;

	DL_FOREACH(model->recordings, recording) {
		if (!came_to_grief(recording))
			continue;
		/* What was in a guarded call is the one to be named. */
		if (count++ == 0 || (!(*first)->in_flight && recording->in_flight))
			*first = recording;
	}
	return count;
}

static void print_grief(FILE *out, struct hg_model *model, struct hg_recording *first, size_t count)
{
	hg_wake(model, first);
	fprintf(out, "; %s", grief(model, first));
	hg_rest_again(model, first);
	if (count < 2)
		return;
	fputs(", and ", out);
	hg_print_count(out, count - 1, "more process was killed or crashed", "more processes were killed or crashed");
}

/* ---- All ---- */

size_t hg_count_recordings(const struct hg_model *model)
{
	size_t count = 0;
	const struct hg_recording *recording;

	DL_FOREACH(model->recordings, recording)
		count++;
	return count;
}

/* "; 2 accepted, 1 known before" */
static void print_accepted(FILE *out, size_t suppressed, size_t known, size_t announced)
{
	if (suppressed > 0)
		fprintf(out, "; %zu accepted", suppressed);
	if (known > 0)
		fprintf(out, "%s %zu known before", suppressed > 0 ? "," : ";", known);
	if (announced > 0)
		fprintf(out, "; %zu told by the runner of the tests", announced);
}

static bool saw_nothing(const struct hg_model *model)
{
	const struct hg_recording *recording;

	DL_FOREACH(model->recordings, recording)
		if (recording->calls > 0)
			return false;
	return !model->groups;
}

/* That nothing was found proves nothing where nothing was seen, and little before the end. */
static void print_reservations(FILE *out, const struct hg_model *model)
{
	const struct hg_recording *recording;
	size_t running = 0;

	DL_FOREACH(model->recordings, recording)
		running += recording->ended == HG_ENDED_RUNNING;
	if (saw_nothing(model))
		fputs("; nothing was covered", out);
	if (running > 0) {
		fputs("; ", out);
		hg_print_count(out, running, "process is still running", "processes are still running");
	}
}

/* "; report in a.txt, a.sarif" */
static void print_files(FILE *out, const struct hg_report_options *options)
{
	const char *before = "; report in ";

	for (size_t i = 0; i < options->target_count; i++) {
		const char *path = options->targets[i].path;
		if (!path || strcmp(path, "-") == 0)
			continue;
		fprintf(out, "%s%s", before, path);
		before = ", ";
	}
}

void hg_print_headline(FILE *out, struct hg_model *model, const struct hg_paint *paint,
                       const struct hg_report_options *elsewhere)
{
	size_t levels[HG_LEVEL_ERROR + 1] = {0};
	size_t all = 0;
	struct hg_recording *first = NULL;
	size_t grieved = count_grief(model, &first);

	size_t suppressed = 0, known = 0, announced = 0, counted = 0;

	for (const struct hg_group *group = model->groups; group; group = group->hh.next, all++) {
		suppressed += group->suppressed != NULL;
		known += group->known && !group->suppressed;
		announced += group->announced;
		counted += !hg_is_accepted(group);
		levels[group->level] += !hg_is_accepted(group);
	}
	fprintf(out, "%shandleguard: ", hg_paint(paint, HG_BOLD));
	fputs(hg_paint(paint, counted == 0 && grieved == 0 && !saw_nothing(model) ? HG_GREEN : HG_BOLD), out);
	hg_print_count(out, all, "finding", "findings");
	fprintf(out, "%s in ", hg_paint(paint, HG_PLAIN));
	hg_print_count(out, hg_count_recordings(model), "recording", "recordings");
	print_levels(out, model, paint, levels);
	print_accepted(out, suppressed, known, announced);
	print_reservations(out, model);
	if (grieved > 0)
		print_grief(out, model, first, grieved);
	if (elsewhere)
		print_files(out, elsewhere);
	fputc('\n', out);
}
