/* For data bases: a line of JSON for each recording, and one for each finding in it, whose columns need no other line.
 * ndjson.schema.json describes them. */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <utlist.h>

#include "report/describe/advice.h"
#include "report/describe/process_ending.h"
#include "report/describe/story.h"
#include "report/model/names.h"
#include "report/print/path.h"
#include "report/print/print.h"
#include "report/print/side.h"

static json_t *text(const char *string)
{
	return string ? json_string(string) : json_null();
}

static void print_line(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(object);
}

/* What the lines of a recording begin with. */
static json_t *line_json(const char *type, const struct hg_recording *recording)
{
	const struct hg_record_header *header = recording->reader.header;

	return json_pack("{s:s, s:s, s:o, s:I, s:o, s:o, s:I}", "schema", "handleguard-line/1", "type", type,
	                 "recording", text(recording->file), "pid", (json_int_t)header->pid, "program",
	                 text(recording->executable), "build", text(recording->build), "started_ns",
	                 (json_int_t)header->start_realtime_ns);
}

static void print_recording(FILE *out, struct hg_model *model, const struct hg_recording *recording)
{
	json_t *line = line_json("recording", recording);

	json_object_set_new(line, "ended", text(hg_ending_text(model, recording)));
	json_object_set_new(line, "calls", json_integer((json_int_t)recording->calls));
	json_object_set_new(line, "handles", json_integer((json_int_t)recording->handles));
	json_object_set_new(line, "freed", json_integer((json_int_t)recording->freed));
	print_line(out, line);
}

static void set_place(json_t *line, const char *file, const char *number, const struct hg_resolved_call *call,
                      const struct hg_report_options *options)
{
	const struct hg_resolved_frame *frame = call ? hg_user_line(call) : NULL;

	json_object_set_new(line, file, frame ? json_string(hg_path_in_source(frame->file, options)) : json_null());
	json_object_set_new(line, number, frame ? json_integer(frame->line) : json_null());
}

static const struct hg_resolved_call *other_side(const struct hg_resolved_finding *finding)
{
	return finding->in_flight ? finding->in_flight : finding->free ? finding->free : finding->create;
}

static void print_finding(FILE *out, struct hg_model *model, const struct hg_group *group, const struct hg_share *share,
                          const struct hg_report_options *options)
{
	json_t *line = line_json("finding", share->recording);
	json_int_t start = (json_int_t)share->recording->reader.header->start_realtime_ns;

	json_object_set_new(line, "fingerprint", json_sprintf("%016" PRIx64, group->fingerprint));
	json_object_set_new(line, "kind", json_string(hg_kind_name(group->kind)));
	json_object_set_new(line, "level", json_string(hg_level_name(group->level)));
	json_object_set_new(line, "suppressed", text(group->suppressed ? group->suppressed->reason : NULL));
	json_object_set_new(line, "known", json_boolean(group->known));
	json_object_set_new(line, "class", text(group->class));
	json_object_set_new(line, "function", text(group->function));
	json_object_set_new(line, "other_function", text(group->other_function));
	json_object_set_new(line, "count", json_integer((json_int_t)share->count));
	json_object_set_new(line, "first_ns", json_integer(start + (json_int_t)share->first_ns));
	json_object_set_new(line, "last_ns", json_integer(start + (json_int_t)share->last_ns));
	json_object_set_new(line, "test", text(hg_finding_test(group->resolved)));
	set_place(line, "file", "line", group->resolved->call, options);
	set_place(line, "other_file", "other_line", other_side(group->resolved), options);
	json_object_set_new(line, "story", text(hg_story(model, group->resolved)));
	json_object_set_new(line, "fix", text(group->advice->fix));
	print_line(out, line);
}

void hg_print_ndjson(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	const struct hg_recording *recording;
	const struct hg_share *share;

	DL_FOREACH(model->recordings, recording)
		print_recording(out, model, recording);
	for (const struct hg_group *group = model->groups; group; group = group->hh.next)
		DL_FOREACH(group->shares, share)
			print_finding(out, model, group, share, options);
}
