#include "program/forecast.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/guarded.h"
#include "program/elf/elf_file.h"
#include "program/status.h"
#include "program/target.h"

void hg_forecast_remark(struct hg_forecast *forecast, enum hg_remark_level level, const char *about, const char *format,
                        ...)
{
	struct hg_remark *longer = realloc(forecast->remarks, (forecast->remark_count + 1) * sizeof(*longer));
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		abort();
	va_end(arguments);
	if (!longer)
		abort();
	forecast->remarks = longer;
	longer[forecast->remark_count++] = (struct hg_remark){level, about, text};
}

void hg_forecast_judge(struct hg_forecast *forecast, enum hg_forecast_verdict verdict, const char *why, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, why);
	if (vasprintf(&text, why, arguments) < 0)
		abort();
	va_end(arguments);
	free(forecast->why);
	forecast->why = text;
	forecast->verdict = verdict;
}

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

	forecast->patterns[forecast->manifest_count] = patterns_of(image);
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
		function->patterns = forecast->patterns[forecast->manifest_count - 1];
		HASH_ADD_KEYPTR(hh, forecast->functions, function->name, strlen(function->name), function);
	}
}

static bool read_manifests(struct hg_forecast *forecast, const char *const *names, size_t count)
{
	forecast->manifests = hg_allocate(count + 1, sizeof(*forecast->manifests));
	forecast->patterns = hg_allocate(count + 1, sizeof(*forecast->patterns));
	for (size_t i = 0; i < count; i++) {
		struct hg_image *image = hg_guarded_image(forecast->program, names[i]);
		if (!image)
			return false;
		add_functions(forecast, image);
		free(image);
	}
	return true;
}

/* ---- The objects ---- */

struct visit {
	struct hg_forecast *forecast;
	const struct hg_elf_file *file;
	const char *path;
	size_t number; /* of the object, from 1: the program */
	size_t defined, inside;
};

static const char *known_word(const char *const *words, const char *name)
{
	for (; *words; words++)
		if (strcmp(*words, name) == 0)
			return *words;
	return NULL;
}

static void note_wanted(struct hg_forecast *forecast, const char *name)
{
	static const char *const loaders[] = {"dlopen", "dlmopen", NULL};
	static const char *const starters[] = {"execve", "execv",   "execvp",  "execl",       "execlp",
	                                       "execle", "execvpe", "fexecve", "posix_spawn", "posix_spawnp",
	                                       "system", "popen",   NULL};

	static const char *const filters[] = {"seccomp_load", NULL};

	if (!forecast->filters)
		forecast->filters = known_word(filters, name);
	if (!forecast->loads)
		forecast->loads = known_word(loaders, name);
	if (!forecast->starts)
		forecast->starts = known_word(starters, name);
}

static void note_definition(struct visit *visit, struct hg_forecast_function *function, bool exported)
{
	bool own = visit->number == 1;
	enum hg_seen seen = own ? HG_SEEN_NOT_PROGRAM : exported ? HG_SEEN_YES : HG_SEEN_NOT_LINKED_IN;
	bool better = function->seen == HG_SEEN_LATER || (function->seen == HG_SEEN_NOT_LINKED_IN && exported);

	if (function->last_object == visit->number)
		return;
	function->last_object = visit->number;
	function->copies += exported;
	visit->defined += exported;
	visit->inside += !exported;
	if (!better)
		return;
	function->seen = seen;
	function->object = visit->path;
	function->foreign = !hg_elf_file_is_meant(visit->file, visit->path, function->patterns);
}

/* What a sanitizer's runtime defines, which is linked in or comes as a library. */
static void note_sanitizer(struct hg_forecast *forecast, const char *name)
{
	static const char *const marks[][2] = {{"__asan_init", "AddressSanitizer"},
	                                       {"__tsan_init", "ThreadSanitizer"},
	                                       {"__msan_init", "MemorySanitizer"}};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strcmp(name, marks[i][0]) == 0)
			forecast->sanitizer = marks[i][1];
}

static void note_symbol(void *context, const char *name, enum hg_place place)
{
	struct visit *visit = context;
	struct hg_forecast_function *function;

	HASH_FIND_STR(visit->forecast->functions, name, function);
	if (place == HG_PLACE_WANTED) {
		note_wanted(visit->forecast, name);
		if (function)
			function->wanted = true;
		return;
	}
	note_sanitizer(visit->forecast, name);
	if (function)
		note_definition(visit, function, place == HG_PLACE_EXPORTED);
}

static void read_object(struct hg_forecast *forecast, size_t index)
{
	struct visit visit = {.forecast = forecast, .path = forecast->load_list.objects[index], .number = index + 1};
	struct hg_elf_file file;

	visit.file = &file;
	if (!hg_elf_file_open(&file, visit.path)) {
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "functions", "%s cannot be read", visit.path);
		return;
	}
	if (!file.preload)
		hg_elf_file_symbols(&file, note_symbol, &visit);
	if (visit.defined > 0 && file.symbolic && index > 0)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "functions",
		    "%s is linked with -Bsymbolic: its calls of its own functions are not seen, and need "
		    "not be if it is the library itself",
		    visit.path);
	hg_elf_file_close(&file);
}

/* ---- What it comes to ---- */

enum { MOST_NAMED = 8 };

/* "a, b, c and 4 more" of the functions of a manifest that have the same news from the same object; null: none. */
static char *name_alike(const struct hg_forecast *forecast, const struct hg_forecast_function *like, size_t *count)
{
	char *text = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&text, &length);

	*count = 0;
	if (!list)
		abort();
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (at->manifest != like->manifest || at->seen != like->seen || at->object != like->object)
			continue;
		if ((*count)++ < MOST_NAMED)
			fprintf(list, "%s%s", *count > 1 ? ", " : "", at->name);
	}
	if (*count > MOST_NAMED)
		fprintf(list, " and %zu more", *count - MOST_NAMED);
	fclose(list);
	return text;
}

static bool is_first_alike(const struct hg_forecast *forecast, const struct hg_forecast_function *function)
{
	const struct hg_forecast_function *at = forecast->functions;

	while (at->manifest != function->manifest || at->seen != function->seen || at->object != function->object)
		at = at->hh.next;
	return at == function;
}

static size_t count_functions(const struct hg_forecast *forecast, const char *manifest)
{
	size_t count = 0;

	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next)
		count += at->manifest == manifest;
	return count;
}

static void remark_alike(struct hg_forecast *forecast, const struct hg_forecast_function *like)
{
	size_t count, all = count_functions(forecast, like->manifest);
	char *names = name_alike(forecast, like, &count);

	switch (like->seen) {
	case HG_SEEN_YES:
		hg_forecast_remark(forecast, HG_REMARK_OK, "functions",
		                   "%s: %s defines %zu of %zu functions, whose calls will be seen", like->manifest,
		                   like->object, count, all);
		break;
	case HG_SEEN_NOT_PROGRAM:
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "functions",
		                   "%s: the program %s defines %zu of %zu functions itself, whose calls will not be "
		                   "seen: %s",
		                   like->manifest, like->object, count, all, names);
		break;
	case HG_SEEN_NOT_LINKED_IN:
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "functions",
		                   "%s: %s has %zu of %zu functions linked in, and its calls of them will not be seen: "
		                   "%s",
		                   like->manifest, like->object, count, all, names);
		break;
	default:
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "functions",
		                   "%s: no library that is loaded at the start defines %zu of %zu functions: %s",
		                   like->manifest, count, all, names);
	}
	free(names);
}

static void remark_copies(struct hg_forecast *forecast)
{
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (at->copies < 2)
			continue;
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "functions", "%s: %zu objects define %s; the first is %s",
		                   at->manifest, at->copies, at->name, at->object);
		return;
	}
}

static void remark_company(struct hg_forecast *forecast)
{
	if (forecast->sanitizer)
		hg_forecast_remark(forecast, HG_REMARK_OK, "command", "it is built with %s, beside which guards work",
		                   forecast->sanitizer);
	if (forecast->filters)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "command",
		    "it can install a seccomp filter (%s): one that kills has to allow what guards call, as "
		    "CONTRIBUTING.md lists it under Sandboxes, or the program will be ended",
		    forecast->filters);
}

static void remark_later(struct hg_forecast *forecast)
{
	if (forecast->loads)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "loader",
		    "it can load more libraries while it runs (%s): what they define is seen too, unless "
		    "they are loaded into a namespace of their own (dlmopen)",
		    forecast->loads);
	if (forecast->starts)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "loader",
		    "it can start other programs (%s): these are guarded too, unless they are statically "
		    "linked, of another kind or started without LD_PRELOAD; run says which were not",
		    forecast->starts);
}

/* An object that has the library linked in offers its functions too, and calls them as a library calls its own. */
static void find_linked_in(struct hg_forecast *forecast)
{
	for (struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next)
		if (at->seen == HG_SEEN_YES && at->foreign && !at->wanted)
			at->seen = HG_SEEN_NOT_LINKED_IN;
}

static void remark_objects(struct hg_forecast *forecast)
{
	for (size_t i = 0; i < forecast->load_list.object_count; i++)
		read_object(forecast, i);
	find_linked_in(forecast);
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (is_first_alike(forecast, at))
			remark_alike(forecast, at);
	}
	remark_copies(forecast);
	remark_company(forecast);
	remark_later(forecast);
}

/* Of a manifest of whose functions no call will be seen. */
static const char *why_none(const struct hg_forecast *forecast, const size_t *counts, enum hg_forecast_verdict *verdict)
{
	*verdict = HG_FORECAST_NOTHING;
	if (counts[HG_SEEN_LATER] > 0 && (forecast->loads || forecast->starts)) {
		*verdict = HG_FORECAST_UNKNOWN;
		return "no library that the program loads at its start defines the functions; those that it loads "
		       "later, and the programs that it starts, are not known";
	}
	if (counts[HG_SEEN_NOT_PROGRAM] > 0)
		return "the program defines the functions itself, so that its calls pass the guards by";
	if (counts[HG_SEEN_NOT_LINKED_IN] > 0)
		return "the functions are linked into a library that uses them, so that its calls pass the guards by";
	return "no library of the program defines the functions, and it cannot load others";
}

static char *why_some(const struct hg_forecast *forecast, const size_t *counts, const char *manifest)
{
	const struct hg_forecast_function *missing = forecast->functions;
	size_t all = count_functions(forecast, manifest), count;

	while (missing && (missing->manifest != manifest || missing->seen != HG_SEEN_LATER))
		missing = missing->hh.next;
	if (!missing)
		return hg_format("calls of %zu of the %zu functions will be seen", counts[HG_SEEN_YES], all);
	char *names = name_alike(forecast, missing, &count);
	char *why =
	    hg_format("calls of %zu of the %zu functions will be seen; no library that is loaded at the start has %s",
	              counts[HG_SEEN_YES], all, names);
	free(names);
	return why;
}

/* The verdict on one manifest, in words to be freed. */
static char *judge_manifest(const struct hg_forecast *forecast, const char *manifest, enum hg_forecast_verdict *verdict)
{
	size_t counts[HG_SEEN_COUNT] = {0};

	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next)
		counts[at->seen] += at->manifest == manifest;
	*verdict = HG_FORECAST_COVERED;
	char *why = counts[HG_SEEN_YES] > 0 ? why_some(forecast, counts, manifest)
	                                    : hg_format("%s", why_none(forecast, counts, verdict));
	if (forecast->manifest_count == 1)
		return why;
	char *named = hg_format("%s: %s", manifest, why);
	free(why);
	return named;
}

/* What cannot be told is worse than what will be seen, and that nothing will be is worst. */
static bool is_worse(enum hg_forecast_verdict one, enum hg_forecast_verdict other)
{
	static const int badness[] = {[HG_FORECAST_COVERED] = 0, [HG_FORECAST_UNKNOWN] = 1, [HG_FORECAST_NOTHING] = 2};
	return badness[one] > badness[other];
}

/* As good as that on its worst manifest. */
static void judge_functions(struct hg_forecast *forecast)
{
	for (size_t i = 0; i < forecast->manifest_count; i++) {
		enum hg_forecast_verdict verdict;
		char *why = judge_manifest(forecast, forecast->manifests[i], &verdict);
		if (i == 0 || is_worse(verdict, forecast->verdict))
			hg_forecast_judge(forecast, verdict, "%s", why);
		free(why);
	}
}

/* ---- The command ---- */

/* Nothing to look at: `said` is the sentence of `run`, with the name of the program before it. */
static void judge_target(struct hg_forecast *forecast, int status, const char *said)
{
	const char *sentence = said + strlen(forecast->program) + strlen(": ");

	hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "command", "%.*s", (int)strcspn(sentence, "\n"), sentence);
	if (status == HG_STATUS_UNABLE || status == HG_TARGET_UNGUARDED)
		hg_forecast_judge(forecast, HG_FORECAST_NOTHING, "the program cannot be guarded");
	else
		hg_forecast_judge(forecast, HG_FORECAST_UNKNOWN, "the program cannot be run");
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
	hg_forecast_remark(forecast, HG_REMARK_OK, "command",
	                   "%s is dynamically linked, and loads %zu libraries at its start", load_list->program,
	                   load_list->object_count - 1);
	remark_objects(forecast);
	judge_functions(forecast);
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
	}
	for (size_t i = 0; i < forecast->remark_count; i++)
		free(forecast->remarks[i].text);
	free(forecast->manifests);
	free(forecast->patterns);
	free(forecast->remarks);
	free(forecast->why);
	hg_load_list_drop(&forecast->load_list);
}
