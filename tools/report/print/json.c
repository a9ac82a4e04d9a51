/* The JSON report: report.schema.json describes it. */
#include <inttypes.h>
#include <jansson.h>
#include <utlist.h>

#include "report/describe/advice.h"
#include "report/describe/freer.h"
#include "report/describe/launch_words.h"
#include "report/describe/process_ending.h"
#include "report/describe/provoked.h"
#include "report/describe/reach.h"
#include "report/describe/rest.h"
#include "report/describe/story.h"
#include "report/model/names.h"
#include "report/print/json.h"
#include "report/print/json_stream.h"
#include "report/print/print.h"
#include "report/print/side.h"

/* Null becomes null. */
static json_t *text(const char *string)
{
	return string ? json_string(string) : json_null();
}

static json_t *number(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *address(uint64_t value)
{
	return json_sprintf("0x%" PRIx64, value);
}

/* ---- Calls ---- */

static json_t *frame_json(const struct hg_resolved_frame *frame)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:b}", "pc", address(frame->pc), "object",
	                 text(frame->object), "offset", address(frame->offset), "function", text(frame->function),
	                 "file", text(frame->file), "line", frame->line, "language", text(frame->language), "inlined",
	                 frame->inlined);
}

static json_t *stack_json(const struct hg_resolved_stack *stack)
{
	json_t *frames = json_array();

	for (size_t i = 0; i < stack->count; i++)
		json_array_append_new(frames, frame_json(&stack->frames[i]));
	return frames;
}

static json_t *told_frame_json(const struct hg_resolved_frame *frame)
{
	return json_pack("{s:o, s:o, s:o, s:i, s:b, s:b}", "language", text(frame->language), "function",
	                 text(frame->function), "file", text(frame->file), "line", frame->line, "line_begins",
	                 frame->begins, "inlined", frame->inlined);
}

static json_t *user_line_json(const struct hg_resolved_call *call)
{
	const struct hg_resolved_frame *frame = hg_user_line(call);

	return frame ? json_pack("{s:o, s:s, s:i}", "function", text(frame->function), "file", frame->file, "line",
	                         frame->line)
	             : json_null();
}

/* The user's own, which the process itself has told. */
static json_t *told_json(const struct hg_resolved_stack *stack)
{
	json_t *frames = json_array();

	for (size_t i = 0; i < stack->told_count; i++)
		json_array_append_new(frames, told_frame_json(&stack->told[i]));
	return frames;
}

static json_t *thread_json(const struct hg_resolved_call *call)
{
	return json_pack("{s:o, s:o}", "id", number(call->tid), "name", text(call->thread_name));
}

static json_t *call_json(const struct hg_resolved_call *call)
{
	if (!call)
		return json_null();
	const struct hg_resolved_frame *creator = call->stack.creator;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:b, s:o, s:b, s:o}", "function",
	                 text(call->function), "thread", thread_json(call), "time_ns", number(call->time_ns),
	                 "user_line", user_line_json(call), "frames", told_json(&call->stack), "goroutine_created_by",
	                 creator ? told_frame_json(creator) : json_null(), "stack", stack_json(&call->stack),
	                 "stack_gone", call->stack.gone, "stack_cut", call->stack.cut, "adopted", call->adopted,
	                 "older_life", call->older, "test", text(call->test), "test_is_sure", call->test_is_sure,
	                 "run_by", text(hg_freer_of(call).who));
}

static json_t *child_json(const struct hg_resolved_call *create)
{
	return json_pack("{s:o, s:o, s:o}", "class", text(create->class), "handle", address(create->handle), "create",
	                 call_json(create));
}

static json_t *children_json(const struct hg_resolved_call *list)
{
	json_t *children = json_array();
	const struct hg_resolved_call *create;

	DL_FOREACH(list, create)
		json_array_append_new(children, child_json(create));
	return children;
}

static json_t *recent_json(const struct hg_resolved_call *list)
{
	json_t *frees = json_array();
	const struct hg_resolved_call *free;

	DL_FOREACH(list, free)
		json_array_append_new(
		    frees, json_pack("{s:o, s:o}", "handle", address(free->handle), "free", call_json(free)));
	return frees;
}

static json_t *calls_json(const struct hg_resolved_call *list)
{
	json_t *calls = json_array();
	const struct hg_resolved_call *call;

	DL_FOREACH(list, call)
		json_array_append_new(calls, call_json(call));
	return calls;
}

static json_t *holder_json(const struct hg_resolved_call *holder)
{
	const char *object = holder->stack.count > 0 ? holder->stack.frames[0].object : "";

	return json_pack("{s:o, s:o, s:o, s:o}", "handle", address(holder->handle), "claims", number(holder->claims),
	                 "object", text(object), "latest", call_json(holder));
}

static json_t *holders_json(const struct hg_resolved_call *list)
{
	json_t *holders = json_array();
	const struct hg_resolved_call *holder;

	DL_FOREACH(list, holder)
		json_array_append_new(holders, holder_json(holder));
	return holders;
}

/* ---- Recordings ---- */

static json_t *command_json(const struct hg_recording *recording)
{
	json_t *command = json_array();

	for (size_t i = 0; i < recording->argument_count; i++)
		json_array_append_new(command, text(recording->command[i]));
	return command;
}

/* How it is reached where its library is linked in. */
static json_t *linked_json(const struct hg_coverage *coverage)
{
	const struct hg_elf_reached *reached = coverage->reached;

	if (!reached)
		return json_null();
	bool counted = !coverage->exported && !reached->unread;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "object", text(coverage->reached_in), "references",
	                 counted ? number(reached->led + reached->left) : json_null(), "led",
	                 coverage->exported ? json_null() : number(reached->led), "inlined",
	                 reached->inlined < 0 ? json_null() : number((uint64_t)reached->inlined), "clones",
	                 reached->unread ? json_null() : number(reached->clones), "approximate", reached->nearly);
}

json_t *hg_json_coverage(const struct hg_recording *recording)
{
	json_t *list = json_array();

	for (size_t i = 0; i < recording->coverage_count; i++) {
		const struct hg_coverage *coverage = &recording->coverage[i];
		bool bound = coverage->state == HG_SYMBOL_BOUND || coverage->state == HG_SYMBOL_EMBEDDED;
		json_array_append_new(list,
		                      json_pack("{s:o, s:o, s:s, s:b, s:b, s:o, s:o, s:o, s:s, s:o, s:o, s:b, s:o}",
		                                "function", text(coverage->function), "class", text(coverage->class),
		                                "role", hg_roles_name(coverage->roles), "bound", bound, "missing",
		                                coverage->state == HG_SYMBOL_MISSING, "library",
		                                text(coverage->library), "manifest", text(coverage->manifest), "calls",
		                                number(coverage->calls), "reach", hg_reach_name(coverage->reach),
		                                "object", text(coverage->object), "used_by", text(coverage->used_by),
		                                "by_table", coverage->by_table, "linked_in", linked_json(coverage)));
	}
	return list;
}

json_t *hg_json_handles(const struct hg_recording *recording)
{
	json_t *list = json_array();

	for (size_t i = 0; i < recording->class_count; i++) {
		const struct hg_resolved_class *class = &recording->classes[i];
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}",
		                                      "class", text(class->name), "limit", number(class->limit),
		                                      "manifest", text(class->manifest), "drain",
		                                      hg_drain_name(class->drain), "after_deadline",
		                                      hg_after_deadline_name(class->after_deadline), "deadline_ns",
		                                      number(class->deadline_ns), "created", number(class->created),
		                                      "adopted", number(class->adopted), "freed", number(class->freed),
		                                      "leaked", number(class->leaked), "live", number(class->live)));
	}
	return list;
}

static json_t *unnamed_json(const struct hg_resolved_manifest *manifest)
{
	json_t *list = json_array();

	for (size_t i = 0; i < manifest->unnamed_count; i++) {
		const struct hg_unnamed_function *unnamed = &manifest->unnamed[i];
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "function", text(unnamed->function), "library",
		                                      text(unnamed->library), "used_by", text(unnamed->used_by)));
	}
	return list;
}

static json_t *manifests_json(const struct hg_recording *recording)
{
	json_t *list = json_array();

	for (size_t i = 0; i < recording->manifest_count; i++) {
		const struct hg_resolved_manifest *manifest = &recording->manifests[i];
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "name", text(manifest->name), "hash",
		                                      json_sprintf("%016" PRIx64, manifest->hash), "unnamed",
		                                      unnamed_json(manifest)));
	}
	return list;
}

static json_t *handles_of(const struct hg_op_in_flight *op)
{
	json_t *list = json_array();

	for (size_t i = 0; i < op->handle_count; i++)
		json_array_append_new(list, address(op->handles[i]));
	return list;
}

static json_t *in_flight_json(const struct hg_recording *recording)
{
	json_t *list = json_array();
	const struct hg_op_in_flight *op;

	DL_FOREACH(recording->in_flight, op)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "function",
		                                      text(op->call.function), "class", text(op->class), "handle",
		                                      op->handle_count > 0 ? address(op->handles[0]) : json_null(),
		                                      "handles", handles_of(op), "free_or_create", op->frees, "thread",
		                                      thread_json(&op->call), "stack", stack_json(&op->call.stack)));
	return list;
}

/* All of them, also those that are zero. */
static json_t *counters_json(const struct hg_recording *recording)
{
	json_t *counters = json_object();

	for (int i = 0; i < HG_COUNTER_COUNT; i++)
		json_object_set_new(counters, hg_counter_name(i), number(recording->reader.header->counters[i]));
	json_object_set_new(counters, "findings-torn", number(recording->torn));
	return counters;
}

static json_t *ending_json(struct hg_model *model, const struct hg_recording *recording)
{
	json_t *signal = json_null();
	json_t *status = json_null();

	if (recording->ended == HG_ENDED_SIGNAL)
		signal = json_integer(recording->ended_by);
	if (recording->ended == HG_ENDED_STATUS)
		status = json_integer(recording->ended_by);
	return json_pack("{s:s, s:s, s:o, s:o}", "how", hg_ending_name(recording->ended), "text",
	                 hg_ending_text(model, recording), "signal", signal, "status", status);
}

json_t *hg_json_recording(struct hg_model *model, const struct hg_recording *recording)
{
	const struct hg_record_header *header = recording->reader.header;
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:s, s:b}", "file", text(recording->file),
	                           "pid", number(header->pid), "parent_pid", number(header->parent_pid), "executable",
	                           text(recording->executable), "command", command_json(recording), "mode",
	                           hg_mode_name(header->mode), "drain", hg_drain_name(header->drain), "deadline_ns",
	                           number(header->deadline_ns), "fence", hg_fence_name(header->fence), "clean_exit",
	                           header->clean_exit != 0);

	json_object_set_new(object, "ended", ending_json(model, recording));
	json_object_set_new(object, "started_realtime_ns", number(header->start_realtime_ns));
	json_object_set_new(object, "calls", number(recording->calls));
	json_object_set_new(object, "manifests", manifests_json(recording));
	json_object_set_new(object, "sequence", number(header->ring_sequence));
	json_object_set_new(object, "coverage", hg_json_coverage(recording));
	json_object_set_new(object, "handles", hg_json_handles(recording));
	json_object_set_new(object, "in_flight", in_flight_json(recording));
	json_object_set_new(object, "counters", counters_json(recording));
	return object;
}

/* ---- Findings ---- */

static json_t *shares_json(const struct hg_group *group)
{
	json_t *shares = json_array();
	const struct hg_share *share;

	DL_FOREACH(group->shares, share)
		json_array_append_new(
		    shares, json_pack("{s:o, s:o, s:o, s:o, s:o}", "file", text(share->recording->file), "pid",
		                      number(share->recording->reader.header->pid), "count", number(share->count),
		                      "first_ns", number(share->first_ns), "last_ns", number(share->last_ns)));
	return shares;
}

/* The share of the recording that the example comes from. */
static const struct hg_share *own_share(const struct hg_group *group)
{
	const struct hg_share *share;

	DL_FOREACH(group->shares, share)
		if (share->recording == group->recording)
			return share;
	return group->shares;
}

/* Null: nothing was held back. */
json_t *hg_json_provoked(struct hg_model *model, const struct hg_resolved_finding *finding)
{
	const struct hg_provoked *provoked = finding->provoked;

	if (!provoked)
		return json_null();
	return json_pack("{s:o, s:o, s:s#, s:o, s:o, s:o, s:o}", "function", text(provoked->function), "site",
	                 text(provoked->site), "point", &HG_POINT_LETTERS[provoked->point], 1, "call",
	                 number(provoked->call), "held_ns", number(provoked->held_ns), "came_ns",
	                 provoked->came ? number(provoked->came_ns) : json_null(), "replay",
	                 text(hg_replay_line(model, finding)));
}

json_t *hg_json_finding(struct hg_model *model, const struct hg_group *group)
{
	const struct hg_resolved_finding *finding = group->resolved;
	const struct hg_share *share = own_share(group);
	json_t *object = json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "uid",
	                           json_sprintf("%016" PRIx64, group->uid), "kind", hg_kind_name(group->kind), "level",
	                           hg_level_name(group->level), "class", text(group->class), "function",
	                           text(group->function), "other_function", text(group->other_function), "handle",
	                           address(finding->handle), "generation", number(finding->generation));

	json_object_set_new(object, "fingerprint", json_sprintf("%016" PRIx64, group->fingerprint));
	json_object_set_new(object, "pid", number(group->recording->reader.header->pid));
	json_object_set_new(object, "count", number(group->count));
	json_object_set_new(object, "first_ns", number(share->first_ns));
	json_object_set_new(object, "last_ns", number(share->last_ns));
	json_object_set_new(object, "processes", shares_json(group));
	json_object_set_new(object, "drain_ns", number(finding->drain_ns));
	json_object_set_new(object, "deadline_ns", number(finding->deadline_ns));
	json_object_set_new(object, "unfinished", json_boolean(finding->unfinished));
	json_object_set_new(object, "deferred", json_boolean(finding->deferred));
	json_object_set_new(object, "leaked", json_boolean(finding->leaked));
	json_object_set_new(object, "serialised", json_boolean(finding->serialised));
	json_object_set_new(object, "all", json_boolean(finding->all));
	json_object_set_new(object, "withheld", json_boolean(finding->withheld));
	json_object_set_new(object, "locked", json_boolean(finding->locked));
	json_object_set_new(object, "woken_by", text(finding->waker));
	json_object_set_new(object, "waker_stays", json_boolean(finding->waker_stays));
	json_object_set_new(object, "provoked", hg_json_provoked(model, finding));
	json_object_set_new(object, "test", text(finding->test));
	json_object_set_new(object, "suppressed", text(group->suppressed ? group->suppressed->reason : NULL));
	json_object_set_new(object, "known", json_boolean(group->known));
	json_object_set_new(object, "sequence", number(finding->sequence));
	json_object_set_new(object, "example", json_boolean(group->told_by != HG_TOLD_BY_SITE));
	json_object_set_new(object, "call", call_json(finding->call));
	json_object_set_new(object, "free", call_json(finding->free));
	json_object_set_new(object, "create", call_json(finding->create));
	json_object_set_new(object, "in_flight", calls_json(finding->in_flight));
	json_object_set_new(object, "children", children_json(finding->children));
	json_object_set_new(object, "recent_frees", recent_json(finding->recent));
	json_object_set_new(object, "holders", holders_json(finding->holders));
	json_object_set_new(object, "unlisted_holders", number(finding->unlisted_holders));
	json_object_set_new(object, "unlisted_handles", number(finding->unlisted_handles));
	json_object_set_new(object, "story", text(hg_story(model, finding)));
	json_object_set_new(object, "prevented", json_boolean(hg_was_prevented(finding)));
	json_object_set_new(object, "consequence", text(hg_consequence(finding)));
	json_object_set_new(object, "cause", text(group->advice->cause));
	json_object_set_new(object, "fix", text(group->advice->fix));
	return object;
}

static json_t *launches_json(struct hg_model *model)
{
	json_t *list = json_array();
	const struct hg_resolved_launch *launch;

	DL_FOREACH(model->launches, launch)
		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:s, s:o}", "program", text(launch->program),
		                                      "started_by", text(launch->starter), "times",
		                                      number(launch->times), "reason", hg_launch_reason(launch), "text",
		                                      text(hg_launch_text(model, launch))));
	return list;
}

static const char *use_of(const struct hg_suppression *suppression)
{
	return suppression->expired ? "expired" : suppression->met > 0 ? "used" : "unused";
}

/* Null: no file of the user's says anything. */
static json_t *policy_json(const struct hg_policy *policy)
{
	if (!policy)
		return json_null();
	json_t *list = json_array();
	for (size_t i = 0; i < policy->suppression_count; i++) {
		const struct hg_suppression *each = &policy->suppressions[i];
		json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o, s:s, s:o}", "file", each->file, "line",
		                                      number(each->line), "reason", each->reason, "expires",
		                                      text(each->expires), "state", use_of(each), "findings",
		                                      number(each->met)));
	}
	json_t *baseline = policy->baseline ? json_pack("{s:s, s:o, s:o}", "file", policy->baseline, "findings",
	                                                number(policy->known_count), "met", number(policy->known_met))
	                                    : json_null();
	return json_pack("{s:o, s:o}", "suppressions", list, "baseline", baseline);
}

json_t *hg_json_report(struct hg_model *model, json_t *recordings, json_t *findings)
{
	return json_pack("{s:s, s:o*, s:o*, s:o, s:o, s:o, s:o, s:o}", "schema", "handleguard-report/1", "recordings",
	                 recordings, "findings", findings, "nothing_covered", text(model->nothing_covered), "unguarded",
	                 launches_json(model), "unguarded_unlisted", number(model->launches_cut), "unrecorded",
	                 number(model->unrecorded), "policy", policy_json(model->policy));
}

static void print_recordings(FILE *out, struct hg_model *model, bool any)
{
	struct hg_json_list list = hg_json_list_begin(out, "recordings");
	struct hg_recording *recording = any ? model->recordings : NULL;

	for (; recording; recording = recording->next) {
		hg_wake(model, recording);
		hg_json_list_add(&list, hg_json_recording(model, recording));
		hg_rest_again(model, recording);
	}
	hg_json_list_end(&list);
}

static void print_findings(FILE *out, struct hg_model *model)
{
	struct hg_json_list list = hg_json_list_begin(out, "findings");

	for (const struct hg_group *group = model->groups; group; group = group->hh.next) {
		void *mark = hg_model_mark(model);
		hg_json_list_add(&list, hg_json_finding(model, group));
		hg_model_forget(model, mark);
	}
	hg_json_list_end(&list);
}

void hg_print_json(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	json_t *rest = hg_json_report(model, NULL, NULL);

	fputc('{', out);
	hg_json_members(out, rest);
	fputs(",\n", out);
	print_recordings(out, model, !options->findings_only);
	fputs(",\n", out);
	print_findings(out, model);
	fputs("\n}\n", out);
}
