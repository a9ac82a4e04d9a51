#include "program/forecast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "format/record.h"
#include "manifest/guarded.h"
#include "program/forecast_steps.h"
#include "program/status.h"
#include "program/target.h"

/* ---- The functions ---- */

static char *patterns_of(const struct hg_image *image)
{
	const uint32_t *libraries = HG_IMAGE_AT(image, image->libraries, const uint32_t);
	char *text = NULL;
	size_t size = 0;
	FILE *list = open_memstream(&text, &size);

	if (!list)
		abort();
	for (uint32_t i = 0; i < image->library_count; i++)
		fprintf(list, "%s%s", i > 0 ? " " : "", HG_IMAGE_TEXT(image, libraries[i]));
	fclose(list);
	return text;
}

static void add_functions(struct hg_forecast *forecast, const struct hg_image *image)
{
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	const char *name = HG_IMAGE_TEXT(image, image->name);
	char *manifest = hg_copy_text(name, strlen(name));

	const char *unguarded = HG_IMAGE_TEXT(image, image->unguarded);

	forecast->patterns[forecast->manifest_count] = patterns_of(image);
	forecast->unguarded[forecast->manifest_count] = hg_copy_text(unguarded, strlen(unguarded));
	forecast->manifests[forecast->manifest_count++] = manifest;
	for (uint32_t i = 0; i < image->slot_count; i++) {
		struct hg_forecast_function *function;
		const char *text = HG_IMAGE_TEXT(image, slots[i].name);
		HASH_FIND_STR(forecast->functions, text, function);
		if (function)
			continue;
		function = hg_allocate(1, sizeof(*function));
		function->name = hg_copy_text(text, strlen(text));
		function->manifest = manifest;
		function->optional = (slots[i].flags & HG_SYMBOL_OPTIONAL) != 0;
		function->patterns = forecast->patterns[forecast->manifest_count - 1];
		HASH_ADD_KEYPTR(hh, forecast->functions, function->name, strlen(function->name), function);
	}
}

/* Which of them stand in tables, and who hands these out. */
static void note_tables(struct hg_forecast *forecast, const struct hg_image *image)
{
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	const struct hg_image_table *tables = HG_IMAGE_AT(image, image->tables, const struct hg_image_table);
	const struct hg_image_entry *entries = HG_IMAGE_AT(image, image->entries, const struct hg_image_entry);

	for (uint32_t i = 0; i < image->table_count; i++)
		for (uint32_t j = 0; j < tables[i].entry_count; j++) {
			const struct hg_image_entry *entry = &entries[tables[i].first_entry + j];
			struct hg_forecast_function *function;
			HASH_FIND_STR(forecast->functions, HG_IMAGE_TEXT(image, slots[entry->function].name), function);
			HASH_FIND_STR(forecast->functions, HG_IMAGE_TEXT(image, slots[tables[i].from].name),
			              function->handed_out_by);
		}
}

static bool read_manifests(struct hg_forecast *forecast, const char *const *names, size_t count)
{
	forecast->manifests = hg_allocate(count + 1, sizeof(*forecast->manifests));
	forecast->patterns = hg_allocate(count + 1, sizeof(*forecast->patterns));
	forecast->unguarded = hg_allocate(count + 1, sizeof(*forecast->unguarded));
	forecast->libraries = hg_allocate(count + 1, sizeof(*forecast->libraries));
	for (size_t i = 0; i < count; i++) {
		struct hg_image *image = hg_guarded_image(forecast->program, names[i]);
		if (!image)
			return false;
		add_functions(forecast, image);
		note_tables(forecast, image);
		free(image);
	}
	return true;
}

/* ---- The command ---- */

/* There is nothing to guard: `said` is what `run` would say, with its own name before the sentence. */
static void judge_target(struct hg_forecast *forecast, int status, const char *said)
{
	const char *sentence = said + strlen(forecast->program) + strlen(": ");

	hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "command", "%.*s", (int)strcspn(sentence, "\n"), sentence);
	if (status == HG_STATUS_UNABLE || status == HG_TARGET_UNGUARDED)
		hg_forecast_judge(forecast, HG_FORECAST_NOTHING, "the program cannot be guarded");
	else
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN, "the program cannot be run");
}

static void describe_linking(struct hg_forecast *forecast)
{
	const struct hg_load_list *load_list = &forecast->load_list;

	if (!load_list->is_static) {
		hg_forecast_remark(forecast, HG_REMARK_OK, "command",
		                   "%s is dynamically linked, and loads %zu libraries at its start", load_list->program,
		                   load_list->object_count - 1);
		return;
	}
	hg_forecast_remark(forecast, HG_REMARK_OK, "command",
	                   "%s is statically linked, with the guards of this version inside", load_list->program);
	hg_forecast_remark(forecast, HG_REMARK_NOTE, "command",
	                   "in a statically linked program only calls that lead through its wrappers are seen, nothing "
	                   "is of what it loads, and memory is not held back ('quarantine')");
}

static void look_into(struct hg_forecast *forecast, const char *path)
{
	bool answered = hg_load_list_read(&forecast->load_list, path);
	const struct hg_load_list *load_list = &forecast->load_list;

	if (load_list->is_script)
		hg_forecast_remark(forecast, HG_REMARK_OK, "command", "%s is a script, which %s reads", path,
		                   load_list->program);
	if (load_list->missing) {
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "loader", "%s: the loader does not find its library %s",
		                   load_list->program, load_list->missing);
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN, "the program cannot be run");
		return;
	}
	if (!answered) {
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "loader", "%s: its loader does not list its libraries",
		                   load_list->program);
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN, "the program's libraries are not known");
		return;
	}
	describe_linking(forecast);
	hg_forecast_read_objects(forecast);
	hg_forecast_conclude(forecast);
}

bool hg_forecast_make(struct hg_forecast *forecast, const char *program, const char *const *manifests, size_t count,
                      const char *command)
{
	char *path = NULL, *said = NULL;
	size_t size = 0;

	memset(forecast, 0, sizeof(*forecast));
	forecast->program = program;
	if (!read_manifests(forecast, manifests, count))
		return false;
	FILE *errors = open_memstream(&said, &size);
	if (!errors)
		return false;
	int status = hg_target_find(program, command, &path, errors);
	fclose(errors);
	if (status != 0)
		judge_target(forecast, status, said);
	else
		look_into(forecast, path);
	free(said);
	free(path);
	return true;
}

void hg_forecast_drop(struct hg_forecast *forecast)
{
	struct hg_forecast_function *function, *next;

	HASH_ITER(hh, forecast->functions, function, next) {
		HASH_DEL(forecast->functions, function);
		free(function->name);
		free(function);
	}
	for (size_t i = 0; i < forecast->manifest_count; i++) {
		free(forecast->manifests[i]);
		free(forecast->patterns[i]);
		free(forecast->unguarded[i]);
	}
	for (size_t i = 0; i < forecast->remark_count; i++)
		free(forecast->remarks[i].text);
	free(forecast->manifests);
	free(forecast->patterns);
	free(forecast->unguarded);
	free(forecast->libraries);
	free(forecast->remarks);
	free(forecast->why);
	hg_load_list_drop(&forecast->load_list);
}
