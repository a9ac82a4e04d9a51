/* SARIF 2.1.0, the format of code scanning (docs.oasis-open.org/sarif/sarif/v2.1.0): a rule for each kind of finding, a
 * result for each finding, with a flow of code for each of its calls. */
#include <inttypes.h>
#include <jansson.h>

#include "report/describe/advice.h"
#include "report/describe/story.h"
#include "report/model/names.h"
#include "report/print/json.h"
#include "report/print/json_stream.h"
#include "report/print/path.h"
#include "report/print/print.h"
#include "report/print/side.h"

#define SCHEMA      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define SOURCE_ROOT "SRCROOT"

struct sarif {
	struct hg_model *model;
	const struct hg_report_options *options;
};

static json_t *message(const char *text)
{
	return json_pack("{s:s}", "text", text);
}

/* ---- Places ---- */

static json_t *artifact_json(const struct sarif *sarif, const char *file)
{
	const char *path = hg_path_in_source(file, sarif->options);
	json_t *artifact = json_pack("{s:s}", "uri", hg_path_uri(sarif->model, path));

	if (*path != '/')
		json_object_set_new(artifact, "uriBaseId", json_string(SOURCE_ROOT));
	return artifact;
}

/* Null: neither its line nor its name is known. */
static json_t *location_json(const struct sarif *sarif, const struct hg_resolved_frame *frame, const char *text)
{
	json_t *location = json_object();

	if (frame && frame->file)
		json_object_set_new(location, "physicalLocation",
		                    json_pack("{s:o, s:o*}", "artifactLocation", artifact_json(sarif, frame->file),
		                              "region",
		                              frame->line > 0 ? json_pack("{s:i}", "startLine", frame->line) : NULL));
	if (frame && frame->function)
		json_object_set_new(
		    location, "logicalLocations",
		    json_pack("[{s:s, s:s}]", "fullyQualifiedName", frame->function, "kind", "function"));
	if (text)
		json_object_set_new(location, "message", message(text));
	return location;
}

static const char *side_text(const struct sarif *sarif, const struct hg_side *side)
{
	return hg_model_printf(sarif->model, "%s: %s in %s", side->what,
	                       side->call->function ? side->call->function : "an unknown function",
	                       hg_thread_text(sarif->model, side->call));
}

static json_t *related_json(const struct sarif *sarif, const struct hg_side *sides, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 1; i < count; i++) {
		json_t *location = location_json(sarif, hg_user_line(sides[i].call), side_text(sarif, &sides[i]));
		json_object_set_new(location, "id", json_integer((json_int_t)i));
		json_array_append_new(list, location);
	}
	return list;
}

/* ---- Flows ---- */

/* Code flows from the outermost frame to the guarded call. */
static json_t *flow_json(const struct sarif *sarif, const struct hg_side *side)
{
	const struct hg_resolved_frame *frames;
	size_t count = hg_user_frames(side->call, &frames);
	json_t *steps = json_array();

	for (size_t i = count; i-- > 0;)
		if (frames[i].file || frames[i].function)
			json_array_append_new(
			    steps, json_pack("{s:o}", "location",
			                     location_json(sarif, &frames[i],
			                                   i == 0 ? side_text(sarif, side) : frames[i].function)));
	if (json_array_size(steps) == 0)
		json_array_append_new(
		    steps, json_pack("{s:o}", "location", location_json(sarif, NULL, side_text(sarif, side))));
	return json_pack("{s:o, s:o, s:o}", "id", json_sprintf("%" PRIu32, side->call->tid), "message",
	                 message(side_text(sarif, side)), "locations", steps);
}

static json_t *flows_json(const struct sarif *sarif, const struct hg_side *sides, size_t count)
{
	json_t *threads = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(threads, flow_json(sarif, &sides[i]));
	return json_pack("[{s:o}]", "threadFlows", threads);
}

/* ---- Results ---- */

static void add_policy(const struct sarif *sarif, json_t *result, const struct hg_group *group)
{
	const struct hg_policy *policy = sarif->model->policy;

	if (policy && policy->baseline)
		json_object_set_new(result, "baselineState", json_string(group->known ? "unchanged" : "new"));
	/* An empty list says that it was looked for suppressions, and none fits. */
	if (policy && policy->suppression_count > 0)
		json_object_set_new(result, "suppressions",
		                    group->suppressed
		                        ? json_pack("[{s:s, s:s, s:s}]", "kind", "external", "status", "accepted",
		                                    "justification", group->suppressed->reason)
		                        : json_array());
}

static json_t *result_json(const struct sarif *sarif, const struct hg_group *group)
{
	const struct hg_resolved_finding *finding = group->resolved;
	struct hg_side sides[HG_MOST_SIDES];
	size_t count = hg_sides(finding, sides);
	const char *test = hg_finding_test(finding);
	const char *text = hg_model_printf(sarif->model, "%s\n\n%s\n\nFix: %s", hg_story(sarif->model, finding),
	                                   hg_consequence(finding), group->advice->fix);
	json_t *result =
	    json_pack("{s:s, s:i, s:s, s:o, s:o, s:{s:o}, s:I, s:{s:s, s:o*}}", "ruleId", hg_kind_name(group->kind),
	              "ruleIndex", (int)group->kind, "level", hg_level_name(group->level), "message", message(text),
	              "locations", json_pack("[o]", location_json(sarif, hg_finding_line(finding), NULL)),
	              "partialFingerprints", "handleguard/v1", json_sprintf("%016" PRIx64, group->fingerprint),
	              "occurrenceCount", (json_int_t)(group->count > 0 ? group->count : 1), "properties", "class",
	              group->class, "test", test ? json_string(test) : NULL);

	if (finding->provoked)
		json_object_set_new(json_object_get(result, "properties"), "provoked",
		                    hg_json_provoked(sarif->model, finding));
	add_policy(sarif, result, group);
	if (count > 0)
		json_object_set_new(result, "codeFlows", flows_json(sarif, sides, count));
	if (count > 1)
		json_object_set_new(result, "relatedLocations", related_json(sarif, sides, count));
	return result;
}

static json_t *rules_json(void)
{
	json_t *rules = json_array();

	for (int kind = 0; kind < HG_KIND_COUNT; kind++)
		json_array_append_new(rules,
		                      json_pack("{s:s, s:o, s:{s:s}}", "id", hg_kind_name(kind), "shortDescription",
		                                message(hg_kind_meaning(kind)), "defaultConfiguration", "level",
		                                hg_level_name(hg_kind_level(kind))));
	return rules;
}

/* All of the run but its results. */
static json_t *run_json(const struct sarif *sarif)
{
	const char *root = sarif->options->source_root;
	json_t *run = json_pack("{s:{s:{s:s, s:s, s:o}}, s:s}", "tool", "driver", "name", "handleguard",
	                        "semanticVersion", HG_VERSION, "rules", rules_json(), "columnKind", "utf16CodeUnits");

	if (root)
		json_object_set_new(
		    run, "originalUriBaseIds",
		    json_pack("{s:{s:o}}", SOURCE_ROOT, "uri", json_sprintf("%s/", hg_path_uri(sarif->model, root))));
	return run;
}

void hg_print_sarif(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	const struct sarif sarif = {model, options};

	fputc('{', out);
	hg_json_members(out, json_pack("{s:s, s:s}", "$schema", SCHEMA, "version", "2.1.0"));
	fputs(",\n\"runs\": [{", out);
	hg_json_members(out, run_json(&sarif));
	fputs(",\n", out);
	struct hg_json_list results = hg_json_list_begin(out, "results");
	for (const struct hg_group *group = model->groups; group; group = group->hh.next) {
		void *mark = hg_model_mark(model);
		hg_json_list_add(&results, result_json(&sarif, group));
		hg_model_forget(model, mark);
	}
	hg_json_list_end(&results);
	fputs("\n}]}\n", out);
}
