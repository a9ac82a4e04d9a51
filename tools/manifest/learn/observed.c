#include "manifest/learn/observed.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static uint64_t number_of(const json_t *object, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(object, key));
}

/* ---- Classes ---- */

static struct hg_observed_class *class_of(struct hg_observed *observed, const char *name)
{
	for (size_t i = 0; i < observed->class_count; i++)
		if (strcmp(observed->classes[i].name, name) == 0)
			return &observed->classes[i];
	struct hg_observed_class *longer = realloc(observed->classes, (observed->class_count + 1) * sizeof(*longer));
	if (!longer)
		abort();
	observed->classes = longer;
	longer[observed->class_count] = (struct hg_observed_class){.name = hg_copy_text(name, strlen(name))};
	return &longer[observed->class_count++];
}

static void add_handles(struct hg_observed *observed, const json_t *recording)
{
	const json_t *handles = json_object_get(recording, "handles");

	for (size_t i = 0; i < json_array_size(handles); i++) {
		const json_t *entry = json_array_get(handles, i);
		class_of(observed, text_of(entry, "class"))->adopted += number_of(entry, "adopted");
	}
}

static bool is_older_call(const json_t *call)
{
	return json_is_true(json_object_get(call, "older_life"));
}

static bool is_older(const json_t *finding)
{
	const json_t *in_flight = json_object_get(finding, "in_flight");
	bool older = is_older_call(json_object_get(finding, "call")) || is_older_call(json_object_get(finding, "free"));

	for (size_t i = 0; i < json_array_size(in_flight); i++)
		older |= is_older_call(json_array_get(in_flight, i));
	return older;
}

static void add_finding(struct hg_observed *observed, const json_t *finding)
{
	struct hg_observed_class *class = class_of(observed, text_of(finding, "class"));
	const char *kind = text_of(finding, "kind");
	uint64_t count = number_of(finding, "count");

	if (strcmp(kind, "reborn") == 0)
		class->reborn += count;
	else if (strcmp(kind, "leak") == 0)
		class->kept += count;
	if (is_older(finding))
		class->older += count;
}

/* ---- Functions ---- */

static void add_unnamed(struct hg_observed *observed, const json_t *unnamed)
{
	const char *name = text_of(unnamed, "function"), *used_by = text_of(unnamed, "used_by");

	for (size_t i = 0; i < observed->function_count; i++)
		if (strcmp(observed->functions[i].name, name) == 0)
			return;
	struct hg_observed_function *longer =
	    realloc(observed->functions, (observed->function_count + 1) * sizeof(*longer));
	if (!longer)
		abort();
	observed->functions = longer;
	longer[observed->function_count++] =
	    (struct hg_observed_function){hg_copy_text(name, strlen(name)), hg_copy_text(used_by, strlen(used_by))};
}

static void note_library(struct hg_observed *observed, const char *path)
{
	if (!observed->library && path[0] == '/')
		observed->library = hg_copy_text(path, strlen(path));
}

/* The run had one manifest. */
static void add_functions(struct hg_observed *observed, const json_t *recording)
{
	const json_t *manifests = json_object_get(recording, "manifests");
	const json_t *coverage = json_object_get(recording, "coverage");

	for (size_t i = 0; i < json_array_size(manifests); i++) {
		const json_t *list = json_object_get(json_array_get(manifests, i), "unnamed");
		for (size_t j = 0; j < json_array_size(list); j++) {
			add_unnamed(observed, json_array_get(list, j));
			note_library(observed, text_of(json_array_get(list, j), "library"));
		}
	}
	for (size_t i = 0; i < json_array_size(coverage); i++) {
		const json_t *function = json_array_get(coverage, i);
		observed->is_called |= number_of(function, "calls") > 0;
		note_library(observed, text_of(function, "library"));
	}
}

/* ---- All ---- */

bool hg_observed_read(struct hg_observed *observed, const char *report, FILE *errors)
{
	json_error_t mistake;
	json_t *whole = json_load_file(report, 0, &mistake);
	const json_t *recordings = json_object_get(whole, "recordings"), *findings = json_object_get(whole, "findings");

	memset(observed, 0, sizeof(*observed));
	if (!whole) {
		fprintf(errors, "handleguard manifest learn: the report of the run cannot be read: %s\n", mistake.text);
		return false;
	}
	for (size_t i = 0; i < json_array_size(recordings); i++) {
		add_functions(observed, json_array_get(recordings, i));
		add_handles(observed, json_array_get(recordings, i));
	}
	for (size_t i = 0; i < json_array_size(findings); i++)
		add_finding(observed, json_array_get(findings, i));
	json_decref(whole);
	return true;
}

void hg_observed_drop(struct hg_observed *observed)
{
	for (size_t i = 0; i < observed->class_count; i++)
		free(observed->classes[i].name);
	for (size_t i = 0; i < observed->function_count; i++) {
		free(observed->functions[i].name);
		free(observed->functions[i].used_by);
	}
	free(observed->classes);
	free(observed->functions);
	free(observed->library);
}

const struct hg_observed_class *hg_observed_class(const struct hg_observed *observed, const char *name)
{
	for (size_t i = 0; i < observed->class_count; i++)
		if (strcmp(observed->classes[i].name, name) == 0)
			return &observed->classes[i];
	return NULL;
}
