/* The findings on a time line, for Perfetto and other viewers of Chrome's traces: "Trace Event Format", as far as
 * trace.schema.json describes it. Calls are instants of their threads; waits, and ops while somebody waits for them,
 * are slices. */
#include <inttypes.h>
#include <jansson.h>
#include <utlist.h>

#include "report/describe/advice.h"
#include "report/describe/process_ending.h"
#include "report/describe/story.h"
#include "report/model/names.h"
#include "report/print/path.h"
#include "report/print/print.h"
#include "report/print/side.h"

struct trace {
	FILE *out;
	struct hg_model *model;
	const struct hg_report_options *options;
	const struct hg_recording *recording; /* whose events are printed */
	uint64_t start_ns;                    /* of the recording that began first, since 1970 */
	json_t *told;                         /* names of threads, and calls, that were printed: set of keys */
	bool has_events;
};

/* ---- Events ---- */

static void print_event(struct trace *trace, json_t *event)
{
	fputs(trace->has_events ? ",\n" : "\n", trace->out);
	trace->has_events = true;
	json_dumpf(event, trace->out, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(event);
}

static json_int_t pid_of(const struct trace *trace)
{
	return (json_int_t)trace->recording->reader.header->pid;
}

/* In microseconds, as the format has it. */
static double time_of(const struct trace *trace, uint64_t since_start_ns)
{
	uint64_t start = trace->recording->reader.header->start_realtime_ns;
	uint64_t offset = start > trace->start_ns ? start - trace->start_ns : 0;

	return (double)(offset + since_start_ns) / 1000;
}

/* Whether it is told for the first time: several findings have the same calls. */
static bool is_new(struct trace *trace, uint32_t tid, uint64_t time_ns, const char *name)
{
	const char *key = hg_model_printf(trace->model, "%" JSON_INTEGER_FORMAT " %" PRIu32 " %" PRIu64 " %s",
	                                  pid_of(trace), tid, time_ns, name);
	bool is = !json_object_get(trace->told, key);

	json_object_set_new(trace->told, key, json_true());
	return is;
}

static void name_thread(struct trace *trace, uint32_t tid, const char *name)
{
	if (*name == '\0' || !is_new(trace, tid, 0, ""))
		return;
	print_event(trace, json_pack("{s:s, s:s, s:I, s:I, s:{s:s}}", "name", "thread_name", "ph", "M", "pid",
	                             pid_of(trace), "tid", (json_int_t)tid, "args", "name", name));
}

static json_t *place_json(const struct trace *trace, const struct hg_resolved_call *call)
{
	const struct hg_resolved_frame *line = hg_user_line(call);

	return line ? json_string(hg_model_printf(trace->model, "%s %s:%d", line->function ? line->function : "",
	                                          hg_path_in_source(line->file, trace->options), line->line))
	            : NULL;
}

static json_t *event_json(struct trace *trace, const char *phase, const char *category, const char *name,
                          const struct hg_resolved_call *call, uint64_t time_ns)
{
	name_thread(trace, call->tid, call->thread_name);
	return json_pack("{s:s, s:s, s:s, s:f, s:I, s:I, s:{s:o*}}", "name", name, "cat", category, "ph", phase, "ts",
	                 time_of(trace, time_ns), "pid", pid_of(trace), "tid", (json_int_t)call->tid, "args", "at",
	                 place_json(trace, call));
}

static void print_instant(struct trace *trace, const char *category, const char *name,
                          const struct hg_resolved_call *call, uint64_t time_ns)
{
	json_t *event = event_json(trace, "i", category, name, call, time_ns);

	json_object_set_new(event, "s", json_string("t"));
	print_event(trace, event);
}

static void print_slice(struct trace *trace, const char *category, const char *name,
                        const struct hg_resolved_call *call, uint64_t time_ns, uint64_t duration_ns)
{
	json_t *event = event_json(trace, "X", category, name, call, time_ns);

	json_object_set_new(event, "dur", json_real((double)duration_ns / 1000));
	print_event(trace, event);
}

/* ---- A finding ---- */

static const char *function_of(const struct hg_resolved_call *call)
{
	return call->function ? call->function : "an unknown function";
}

/* Calls of which only the moment is known. An op in flight has none of its own. */
static void print_calls(struct trace *trace, const struct hg_resolved_finding *finding)
{
	struct hg_side sides[HG_MOST_SIDES];
	size_t count = hg_sides(finding, sides);

	for (size_t i = 0; i < count; i++) {
		const struct hg_resolved_call *call = sides[i].call;
		if (call->time_ns > 0 && is_new(trace, call->tid, call->time_ns, function_of(call)))
			print_instant(trace, "call", function_of(call), call, call->time_ns);
	}
}

static void print_wait(struct trace *trace, const struct hg_resolved_finding *finding)
{
	const struct hg_resolved_call *call = finding->call, *op;

	if (!call || finding->drain_ns == 0)
		return;
	print_slice(trace, "wait", hg_model_printf(trace->model, "%s waits", function_of(call)), call, call->time_ns,
	            finding->drain_ns);
	DL_FOREACH(finding->in_flight, op)
		print_slice(trace, "op", function_of(op), op, call->time_ns, finding->drain_ns);
}

static void print_finding(struct trace *trace, const struct hg_group *group)
{
	const struct hg_resolved_finding *finding = group->resolved;
	const struct hg_resolved_call *call = finding->call ? finding->call : finding->create;

	trace->recording = group->recording;
	if (!call || call->tid == 0)
		return;
	json_t *event = event_json(trace, "i", "finding", hg_finding_title(trace->model, group), call, call->time_ns);
	json_object_set_new(event, "s", json_string("p"));
	json_object_update_new(json_object_get(event, "args"),
	                       json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:s, s:s}", "kind", hg_kind_name(group->kind),
	                                 "level", hg_level_name(hg_kind_level(group->kind)), "class", group->class,
	                                 "handle", json_sprintf("0x%" PRIx64, finding->handle), "fingerprint",
	                                 json_sprintf("%016" PRIx64, group->fingerprint), "count",
	                                 (json_int_t)group->count, "story", hg_story(trace->model, finding), "fix",
	                                 group->advice->fix));
	print_event(trace, event);
	print_calls(trace, finding);
	print_wait(trace, finding);
}

/* ---- A process ---- */

/* What it was in stands at the last moment that it recorded. */
static void print_process(struct trace *trace)
{
	const struct hg_recording *recording = trace->recording;
	uint64_t last = hg_reader_since_start(&recording->reader, recording->reader.header->latest_ticks);
	const struct hg_op_in_flight *op;

	print_event(trace, json_pack("{s:s, s:s, s:I, s:I, s:{s:s, s:s}}", "name", "process_name", "ph", "M", "pid",
	                             pid_of(trace), "tid", (json_int_t)0, "args", "name", recording->executable,
	                             "ended", hg_ending_text(trace->model, recording)));
	DL_FOREACH(recording->in_flight, op)
		print_instant(trace, "ending",
		              hg_model_printf(trace->model, "in %s at the end", function_of(&op->call)), &op->call,
		              last);
}

static uint64_t first_start(const struct hg_model *model)
{
	const struct hg_recording *recording;
	uint64_t first = UINT64_MAX;

	DL_FOREACH(model->recordings, recording)
		if (recording->reader.header->start_realtime_ns < first)
			first = recording->reader.header->start_realtime_ns;
	return first;
}

void hg_print_trace(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	struct trace trace = {
	    .out = out, .model = model, .options = options, .start_ns = first_start(model), .told = json_object()};

	fputs("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [", out);
	DL_FOREACH(model->recordings, trace.recording)
		print_process(&trace);
	for (const struct hg_group *group = model->groups; group; group = group->hh.next)
		print_finding(&trace, group);
	fputs("\n]}\n", out);
	json_decref(trace.told);
}
