/* The JSON report keeps to its schema, says what the recording says, and has every key that the design promises. */
#include <jansson.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "run.h"

/* ---- As much of JSON Schema as report.schema.json uses. Keys that it does not describe are errors, too. ---- */

static json_t *schema_root;

static bool matches(json_t *schema, json_t *value, const char *where);

static json_t *resolve(json_t *schema)
{
	const char *reference = json_string_value(json_object_get(schema, "$ref"));
	if (reference == NULL)
		return schema;
	ck_assert_int_eq(strncmp(reference, "#/$defs/", 8), 0);
	json_t *found = json_object_get(json_object_get(schema_root, "$defs"), reference + 8);
	ck_assert_ptr_nonnull(found);
	return found;
}

static bool is_type(const char *type, json_t *value)
{
	return (strcmp(type, "object") == 0 && json_is_object(value)) ||
	       (strcmp(type, "array") == 0 && json_is_array(value)) ||
	       (strcmp(type, "string") == 0 && json_is_string(value)) ||
	       (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
	       (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
	       (strcmp(type, "null") == 0 && json_is_null(value));
}

static bool has_type(json_t *types, json_t *value)
{
	size_t i;
	json_t *type;
	if (types == NULL)
		return true;
	if (json_is_string(types))
		return is_type(json_string_value(types), value);
	json_array_foreach(types, i, type) if (is_type(json_string_value(type), value)) return true;
	return false;
}

static bool is_one_of(json_t *values, json_t *value)
{
	size_t i;
	json_t *allowed;
	if (values == NULL)
		return true;
	json_array_foreach(values, i, allowed) if (json_equal(allowed, value)) return true;
	return false;
}

static bool has_pattern(json_t *pattern, json_t *value)
{
	regex_t expression;
	if (pattern == NULL || !json_is_string(value))
		return true;
	ck_assert_int_eq(regcomp(&expression, json_string_value(pattern), REG_EXTENDED | REG_NOSUB), 0);
	bool right = regexec(&expression, json_string_value(value), 0, NULL, 0) == 0;
	regfree(&expression);
	return right;
}

static bool has_required(json_t *required, json_t *value, const char *where)
{
	size_t i;
	json_t *key;
	json_array_foreach(required, i, key)
	{
		if (json_object_get(value, json_string_value(key)) != NULL)
			continue;
		fprintf(stderr, "%s: no key %s\n", where, json_string_value(key));
		return false;
	}
	return true;
}

static bool has_properties(json_t *schema, json_t *value, const char *where)
{
	const char *key;
	json_t *member;
	json_object_foreach(value, key, member)
	{
		json_t *described = json_object_get(json_object_get(schema, "properties"), key);
		char path[512];
		snprintf(path, sizeof path, "%s.%s", where, key);
		if (described == NULL)
			described = json_object_get(schema, "additionalProperties");
		if (described == NULL) {
			fprintf(stderr, "%s: not in the schema\n", path);
			return false;
		}
		if (!matches(described, member, path))
			return false;
	}
	return true;
}

static bool has_items(json_t *schema, json_t *value, const char *where)
{
	size_t i;
	json_t *item;
	json_array_foreach(value, i, item)
	{
		char path[512];
		snprintf(path, sizeof path, "%s[%zu]", where, i);
		if (!matches(json_object_get(schema, "items"), item, path))
			return false;
	}
	return true;
}

static bool matches_any(json_t *alternatives, json_t *value, const char *where)
{
	size_t i;
	json_t *alternative;
	json_array_foreach(alternatives, i, alternative)
	{
		json_t *types = json_object_get(resolve(alternative), "type");
		if (has_type(types, value))
			return matches(alternative, value, where);
	}
	return false;
}

static bool matches(json_t *schema, json_t *value, const char *where)
{
	schema = resolve(schema);
	json_t *constant = json_object_get(schema, "const");
	json_t *minimum = json_object_get(schema, "minimum");
	json_t *alternatives = json_object_get(schema, "oneOf");
	if (alternatives != NULL)
		return matches_any(alternatives, value, where);
	if (!has_type(json_object_get(schema, "type"), value) || !is_one_of(json_object_get(schema, "enum"), value) ||
	    !has_pattern(json_object_get(schema, "pattern"), value) ||
	    (constant != NULL && !json_equal(constant, value)) ||
	    (minimum != NULL && json_integer_value(value) < json_integer_value(minimum))) {
		fprintf(stderr, "%s: the value is not as the schema says\n", where);
		return false;
	}
	if (json_is_object(value))
		return has_required(json_object_get(schema, "required"), value, where) &&
		       has_properties(schema, value, where);
	return !json_is_array(value) || has_items(schema, value, where);
}

/* ---- Reports ---- */

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *report = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(report != NULL, "%s in line %d", error.text, error.line);
	return report;
}

static json_t *checked(const char *text)
{
	json_error_t error;
	schema_root = json_load_file(REPORT_SCHEMA, 0, &error);
	ck_assert_msg(schema_root != NULL, "%s: %s", REPORT_SCHEMA, error.text);
	json_t *report = parse(text);
	ck_assert(matches(schema_root, report, "report"));
	json_decref(schema_root);
	return report;
}

static struct hg_report_options json_options(void)
{
	static const struct hg_report_target target = {.format = HG_REPORT_JSON};
	struct hg_report_options options = hg_report_defaults();
	options.targets = &target;
	options.target_count = 1;
	return options;
}

static json_t *report_json(struct builder *builder)
{
	return checked(report_builder(json_options(), builder).out);
}

/* A value by its path: "recordings.0.coverage.1.calls". */
static json_t *at(json_t *value, const char *path)
{
	char part[64];
	int length;
	while (sscanf(path, "%63[^.]%n", part, &length) == 1) {
		value = json_is_array(value) ? json_array_get(value, strtoul(part, NULL, 10))
		                             : json_object_get(value, part);
		path += length;
		path += *path == '.';
	}
	return value;
}

static void check_text(json_t *report, const char *path, const char *expected)
{
	const char *text = json_string_value(at(report, path));
	ck_assert_msg(text != NULL && strcmp(text, expected) == 0, "%s is %s, not %s", path,
	              text != NULL ? text : "none", expected);
}

static void check_number(json_t *report, const char *path, long long expected)
{
	json_t *value = at(report, path);
	ck_assert_msg(json_is_integer(value) && json_integer_value(value) == expected, "%s is %lld, not %lld", path,
	              (long long)json_integer_value(value), expected);
}

START_TEST(the_recording_is_described)
{
	json_t *report = report_json(builder_example());
	check_text(report, "schema", "handleguard-report/1");
	check_number(report, "recordings.0.pid", 1234);
	check_text(report, "recordings.0.executable", "/usr/bin/example");
	check_text(report, "recordings.0.command.1", "--loud");
	check_text(report, "recordings.0.mode", "guard");
	check_text(report, "recordings.0.fence", "membarrier");
	ck_assert(json_is_true(at(report, "recordings.0.clean_exit")));
	check_text(report, "recordings.0.coverage.1.function", "net_recv");
	check_text(report, "recordings.0.coverage.1.class", "stream");
	check_text(report, "recordings.0.coverage.1.role", "op");
	check_text(report, "recordings.0.coverage.1.library", "/usr/lib/libexample.so");
	check_number(report, "recordings.0.coverage.1.calls", 1234567);
	ck_assert(json_is_true(at(report, "recordings.0.coverage.1.bound")));
	ck_assert(json_is_false(at(report, "recordings.0.coverage.5.bound")));
	check_number(report, "recordings.0.calls", 1234569);
	check_number(report, "recordings.0.handles.0.created", 1);
	check_number(report, "recordings.0.handles.0.freed", 1);
	check_number(report, "recordings.0.handles.0.leaked", 0);
	check_number(report, "recordings.0.handles.0.live", 0);
	check_number(report, "recordings.0.counters.sites-full", 0);
	json_decref(report);
}
END_TEST

START_TEST(the_finding_is_described)
{
	json_t *report = report_json(builder_example());
	check_text(report, "findings.0.kind", "late-free");
	check_text(report, "findings.0.level", "error");
	check_text(report, "findings.0.class", "stream");
	check_text(report, "findings.0.function", "net_free");
	check_text(report, "findings.0.handle", "0x5555");
	check_number(report, "findings.0.generation", 1);
	check_number(report, "findings.0.pid", 1234);
	check_number(report, "findings.0.count", 3);
	check_number(report, "findings.0.first_ns", 100000000);
	check_number(report, "findings.0.last_ns", 500000000);
	check_number(report, "findings.0.drain_ns", 12300000);
	check_number(report, "findings.0.deadline_ns", 5000000000);
	check_text(report, "findings.0.call.function", "net_free");
	check_number(report, "findings.0.call.thread.id", 1236);
	check_text(report, "findings.0.call.thread.name", "watcher");
	check_number(report, "findings.0.call.time_ns", 100000000);
	check_text(report, "findings.0.call.stack.1.pc", "0x400180");
	check_text(report, "findings.0.call.stack.1.object", "/nowhere/example");
	check_text(report, "findings.0.call.stack.1.offset", "0x180");
	check_text(report, "findings.0.in_flight.0.function", "net_recv");
	check_text(report, "findings.0.create.function", "net_open");
	ck_assert(json_is_null(at(report, "findings.0.free")));
	ck_assert(json_is_null(at(report, "findings.0.test")));
	ck_assert(json_is_null(at(report, "findings.0.suppressed")));
	ck_assert_has(json_string_value(at(report, "findings.0.cause")), "Check-then-use");
	json_decref(report);
}
END_TEST

START_TEST(the_users_own_frames_are_described)
{
	json_t *report = report_json(builder_told_example());
	check_text(report, "findings.0.call.frames.0.language", "go");
	check_text(report, "findings.0.call.frames.0.function", "net.(*Stream).Close");
	check_text(report, "findings.0.call.frames.0.file", "/mod/net/stream.go");
	check_number(report, "findings.0.call.frames.0.line", 12);
	ck_assert(json_is_true(at(report, "findings.0.call.frames.0.inlined")));
	ck_assert(json_is_false(at(report, "findings.0.call.frames.1.inlined")));
	check_text(report, "findings.0.call.stack.1.pc", "0x400180");
	check_text(report, "findings.0.in_flight.0.frames.0.function", "main.read");
	json_decref(report);
}
END_TEST

START_TEST(holders_are_described)
{
	struct builder *builder = builder_example();
	struct draft draft;
	draft_begin(&draft, HG_KIND_SEVERED, 0, 0x99);
	draft.head->flags = HG_FINDING_WITHHELD;
	draft.head->unlisted_holders = 4;
	draft.head->unlisted_handles = 5;
	draft_party(&draft, HG_PARTY_CALL, 1, 2, (uint64_t[]){0x400120}, 1);
	struct hg_record_party *party = draft_party(&draft, HG_PARTY_HOLDER, 7, 0, (uint64_t[]){0x400100}, 1);
	party->claims = 3;
	party->value = 0x99;
	builder->classes[0].limit = 31;
	builder_write_finding(builder, &draft);
	json_t *report = report_json(builder);
	check_number(report, "recordings.0.handles.0.limit", 31);
	check_text(report, "findings.1.kind", "severed");
	check_text(report, "findings.1.other_function", "net_open");
	ck_assert(json_is_true(at(report, "findings.1.withheld")));
	ck_assert(json_is_false(at(report, "findings.0.withheld")));
	check_text(report, "findings.1.holders.0.latest.function", "net_open");
	check_text(report, "findings.1.holders.0.handle", "0x99");
	check_text(report, "findings.1.holders.0.object", "/nowhere/example");
	check_number(report, "findings.1.holders.0.latest.thread.id", 7);
	check_number(report, "findings.1.holders.0.claims", 3);
	check_number(report, "findings.1.unlisted_holders", 4);
	check_number(report, "findings.1.unlisted_handles", 5);
	json_decref(report);
}
END_TEST

START_TEST(what_was_in_flight_is_described)
{
	struct builder *builder = builder_example();
	struct hg_record_thread *thread = (void *)builder->threads;
	thread->frames[3] = (struct hg_frame){
	    .guard = 0x1000 | HG_FRAME_FREE, .slot = builder->symbols[2].slot, .value = 0xabc, .caller = 0x400210};
	json_t *report = report_json(builder);
	check_text(report, "recordings.0.in_flight.0.function", "net_free");
	check_text(report, "recordings.0.in_flight.0.class", "stream");
	check_text(report, "recordings.0.in_flight.0.handle", "0xabc");
	check_text(report, "recordings.0.in_flight.0.thread.name", "reader");
	check_text(report, "recordings.0.in_flight.0.stack.0.pc", "0x400210");
	ck_assert(json_is_true(at(report, "recordings.0.in_flight.0.free_or_create")));
	json_decref(report);
}
END_TEST

START_TEST(every_kind_keeps_to_the_schema)
{
	for (int kind = 0; kind < HG_KIND_COUNT; kind++) {
		struct builder *builder = builder_example();
		struct draft draft;
		draft_begin(&draft, kind, 0, UINT64_MAX);
		builder_write_finding(builder, &draft); /* with nobody in it */
		builder_site(builder, kind, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT64_MAX);
		json_decref(report_json(builder));
	}
}
END_TEST

START_TEST(texts_that_are_no_utf_8_do_not_break_it)
{
	struct builder *builder = builder_example();
	strcpy(builder->header->executable, "/tmp/\xc3\x28\xa0\xa1 \"\\\n");
	strcpy(builder->strings + builder->classes[0].name, "\xf0\x28x");
	json_t *report = report_json(builder);
	check_text(report, "recordings.0.executable", "/tmp/\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd \"\\\\n");
	json_decref(report);
}
END_TEST

START_TEST(the_end_of_the_process_is_described)
{
	struct builder *builder = builder_example();
	const char *path = test_path("one.hgr");
	builder->header->clean_exit = 0;
	builder_save(builder, path);
	builder_drop(builder);
	struct hg_report_ending ending = {.pid = 1234, .wait_status = W_EXITCODE(0, SIGSEGV)};
	json_t *report = checked(report_paths(json_options(), &path, 1, &ending, 1).out);
	check_text(report, "recordings.0.ended.how", "signal");
	check_number(report, "recordings.0.ended.signal", SIGSEGV);
	check_text(report, "recordings.0.ended.text", "ended by signal 11 (SIGSEGV)");
	ck_assert(json_is_null(at(report, "recordings.0.ended.status")));
	json_decref(report);
}
END_TEST

START_TEST(the_uid_is_the_same_wherever_the_object_was_loaded)
{
	struct builder *moved = builder_example();
	moved->modules[0].load_bias += 0x7000;
	moved->modules[0].low += 0x7000;
	moved->modules[0].high += 0x7000;
	moved->sites[0].call_pc += 0x7000;
	moved->sites[0].other_pc += 0x7000;
	json_t *one = report_json(builder_example());
	json_t *other = report_json(moved);
	check_text(other, "findings.0.uid", json_string_value(at(one, "findings.0.uid")));
	json_decref(one);
	json_decref(other);
}
END_TEST

START_TEST(a_run_without_a_recording_is_told_as_one_that_covered_nothing)
{
	struct hg_report_options options = json_options();
	options.allow_empty = true;
	options.nothing_covered = "no library defines \"them\"";
	struct resolved resolved = report_paths(options, NULL, 0, NULL, 0);
	json_t *report = checked(resolved.out);
	ck_assert_int_eq(resolved.status, HG_REPORT_CLEAN);
	ck_assert_uint_eq(json_array_size(at(report, "recordings")), 0);
	check_text(report, "nothing_covered", "no library defines \"them\"");
	json_decref(report);
	options.require_coverage = true;
	ck_assert_int_eq(report_paths(options, NULL, 0, NULL, 0).status, HG_REPORT_UNABLE);
}
END_TEST

int main(void)
{
	return RUN_SUITE("json", the_recording_is_described, the_finding_is_described,
	                 the_users_own_frames_are_described, holders_are_described, what_was_in_flight_is_described,
	                 every_kind_keeps_to_the_schema, texts_that_are_no_utf_8_do_not_break_it,
	                 the_end_of_the_process_is_described, the_uid_is_the_same_wherever_the_object_was_loaded,
	                 a_run_without_a_recording_is_told_as_one_that_covered_nothing);
}
