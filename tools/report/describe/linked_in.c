#include "report/describe/linked_in.h"

#include <elfutils/libdwelf.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "program/elf/elf_reached.h"
#include "program/elf/links.h"

struct counted_function {
	const char *name;
	struct hg_elf_reached reached;
	bool exported;
	UT_hash_handle hh;
};

/* What was counted in an object. All recordings that have the same share it: counting takes a while. */
struct hg_counted {
	const char *key;                    /* path, build id, manifests */
	struct counted_function *functions; /* table; null: nothing is linked in there, or nobody knows */
	UT_hash_handle hh;
};

/* An object that may have a library linked in. */
struct question {
	const struct hg_recording *recording;
	const struct hg_record_module *module;
	const char *path;
	const char *patterns; /* of the library */
	bool is_program;
};

/* ---- Counting ---- */

/* What has no build id cannot be told from another of its name. */
static bool is_the_same(const struct hg_elf_file *file, const struct hg_record_module *module)
{
	const void *bits;
	ssize_t length = dwelf_elf_gnu_build_id(file->elf, &bits);

	return length > 0 && length == (ssize_t)module->build_id_length &&
	       memcmp(bits, module->build_id, (size_t)length) == 0;
}

static void note_link(void *context, const struct hg_linked *linked)
{
	*(bool *)context |= linked->is_called;
}

/* Calls that were led through wrappers at link time are not rewritten. */
static bool is_led_at_link(const struct hg_elf_file *file)
{
	bool any = false;

	hg_links_each(file, note_link, &any);
	return any;
}

static void note_exported(void *context, const char *name, enum hg_place place)
{
	const struct hg_counted *counted = context;
	struct counted_function *function;

	HASH_FIND_STR(counted->functions, name, function);
	if (function && place == HG_PLACE_EXPORTED)
		function->exported = true;
}

static void add_function(struct hg_model *model, struct hg_counted *counted, const char *name,
                         const struct hg_elf_reached *reached)
{
	struct counted_function *function;

	HASH_FIND_STR(counted->functions, name, function);
	if (function)
		return;
	function = hg_model_take(model, sizeof(*function));
	function->name = hg_model_string(model, name);
	function->reached = *reached;
	HASH_ADD_KEYPTR(hh, counted->functions, function->name, strlen(function->name), function);
}

static void count_functions(struct hg_model *model, const struct question *question, const struct hg_elf_file *file,
                            struct hg_counted *counted)
{
	const struct hg_recording *recording = question->recording;
	size_t count = recording->coverage_count;
	const char **names = hg_allocate(count, sizeof(*names));
	struct hg_elf_reached *reached = hg_allocate(count, sizeof(*reached));
	struct hg_elf_sides read;

	for (size_t i = 0; i < count; i++)
		names[i] = recording->coverage[i].function;
	if (hg_elf_sides_read(&read, file, names, count)) {
		if (hg_sides_are_two(&read.sides) && !read.stripped) {
			hg_elf_count_reached(file, &read, names, count, reached);
			for (size_t i = 0; i < count; i++)
				add_function(model, counted, names[i], &reached[i]);
		}
		hg_elf_sides_drop(&read);
	}
	/* In the program itself all references are led. */
	if (counted->functions && !question->is_program)
		hg_elf_file_dynamic_symbols(file, note_exported, counted);
	free(reached);
	free(names);
}

static void count_in_file(struct hg_model *model, const struct question *question, struct hg_counted *counted)
{
	const char *sysroot = model->sources.sysroot;
	struct hg_elf_file file;

	if (!hg_elf_file_open(&file,
	                      sysroot ? hg_model_printf(model, "%s%s", sysroot, question->path) : question->path))
		return;
	bool foreign = question->is_program || !hg_elf_file_is_meant(&file, question->path, question->patterns);
	if (foreign && !file.symbolic && is_the_same(&file, question->module) && !is_led_at_link(&file))
		count_functions(model, question, &file, counted);
	hg_elf_file_close(&file);
}

/* ---- Once for each object ---- */

static const char *key_of(struct hg_model *model, const struct question *question)
{
	const struct hg_recording *recording = question->recording;
	const char *key = hg_model_printf(model, "%s ", question->path);

	for (uint32_t i = 0; i < question->module->build_id_length; i++)
		key = hg_model_printf(model, "%s%02x", key, question->module->build_id[i]);
	for (size_t i = 0; i < recording->manifest_count; i++)
		key = hg_model_printf(model, "%s %016llx", key, (unsigned long long)recording->manifests[i].hash);
	return key;
}

static void drop_counted(struct hg_counted *counted)
{
	for (struct hg_counted *at = counted; at; at = at->hh.next)
		HASH_CLEAR(hh, at->functions);
	HASH_CLEAR(hh, counted);
}

static const struct hg_counted *counted_of(struct hg_model *model, const struct question *question)
{
	struct hg_counted *counted;
	struct obstack *memory = model->memory;
	const char *key = key_of(model, question);

	HASH_FIND_STR(model->counted, key, counted);
	if (counted)
		return counted;
	model->memory = &model->lasting;
	counted = hg_model_take(model, sizeof(*counted));
	counted->key = hg_model_raw_text(model, key, strlen(key));
	count_in_file(model, question, counted);
	model->drop_counted = drop_counted;
	HASH_ADD_KEYPTR(hh, model->counted, counted->key, strlen(counted->key), counted);
	model->memory = memory;
	return counted;
}

/* ---- All ---- */

/* Where the function lies to which calls are led, or would be if there were any, or are not; null: it is not linked in.
 */
static const char *object_of(const struct hg_coverage *coverage)
{
	if (coverage->by_table || coverage->state == HG_SYMBOL_EMBEDDED)
		return NULL;
	if (coverage->state == HG_SYMBOL_BOUND)
		return coverage->library;
	bool known = coverage->reach == HG_REACH_NEVER_CALLED || coverage->reach == HG_REACH_IN_EXECUTABLE ||
	             coverage->reach == HG_REACH_LINKED_IN;
	return known ? coverage->object : NULL;
}

static const struct hg_record_module *module_of(const struct hg_reader *reader, const char *path)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_module *module = hg_reader_module(reader, i);
		if (module && strcmp(hg_reader_text(reader, module->path), path) == 0)
			return module;
	}
	return NULL;
}

/* False: the object is the library, by its name alone. */
static bool ask(const struct hg_recording *recording, const struct hg_coverage *coverage, const char *path,
                struct question *question)
{
	static const struct hg_elf_file unread;
	bool is_program = strcmp(path, recording->executable) == 0;

	if (path[0] != '/' || (!is_program && hg_elf_file_is_meant(&unread, path, coverage->patterns)))
		return false;
	if (!question->path || strcmp(question->path, path) != 0)
		*question = (struct question){recording, module_of(&recording->reader, path), path, coverage->patterns,
		                              is_program};
	return question->module;
}

/* Where the file does not tell, what the process has counted itself. */
static void take_function(struct hg_coverage *coverage, const struct counted_function *function, const char *path)
{
	if (!function && coverage->by_process.led == 0)
		return;
	coverage->by_process.unread = true;
	coverage->by_process.inlined = HG_INLINED_UNKNOWN;
	coverage->reached = function ? &function->reached : &coverage->by_process;
	coverage->reached_in = path;
	coverage->exported = function && function->exported;
}

void hg_describe_linked_in(struct hg_model *model, struct hg_recording *recording)
{
	struct question question = {0};
	const struct hg_counted *counted = NULL;
	const char *counted_in = NULL;

	for (size_t i = 0; model->counts_reached && i < recording->coverage_count; i++) {
		struct hg_coverage *coverage = &recording->coverage[i];
		struct counted_function *function = NULL;
		const char *path = object_of(coverage);
		if (!path || !ask(recording, coverage, path, &question))
			continue;
		if (question.path != counted_in)
			counted = counted_of(model, &question);
		counted_in = question.path;
		HASH_FIND_STR(counted->functions, coverage->function, function);
		take_function(coverage, function, path);
	}
}
