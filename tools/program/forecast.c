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

void hg_survey_remark(struct hg_survey *survey, enum hg_remark_level level, const char *about, const char *format, ...)
{
	struct hg_remark *longer = realloc(survey->remarks, (survey->remark_count + 1) * sizeof(*longer));
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		abort();
	va_end(arguments);
	if (!longer)
		abort();
	survey->remarks = longer;
	longer[survey->remark_count++] = (struct hg_remark){level, about, text};
}

void hg_survey_judge(struct hg_survey *survey, enum hg_survey_verdict verdict, const char *why, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, why);
	if (vasprintf(&text, why, arguments) < 0)
		abort();
	va_end(arguments);
	free(survey->why);
	survey->why = text;
	survey->verdict = verdict;
}

/* --- the functions --- */

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

static void add_functions(struct hg_survey *survey, const struct hg_image *image)
{
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	const char *name = HG_IMAGE_TEXT(image, image->name);
	char *manifest = hg_copy_text(name, strlen(name));

	survey->patterns[survey->manifest_count] = patterns_of(image);
	survey->manifests[survey->manifest_count++] = manifest;
	for (uint32_t i = 0; i < image->slot_count; i++) {
		struct hg_survey_function *function;
		const char *text = HG_IMAGE_TEXT(image, slots[i].name);
		HASH_FIND_STR(survey->functions, text, function);
		if (function)
			continue;
		function = hg_allocate(1, sizeof(*function));
		function->name = hg_copy_text(text, strlen(text));
		function->manifest = manifest;
		function->patterns = survey->patterns[survey->manifest_count - 1];
		HASH_ADD_KEYPTR(hh, survey->functions, function->name, strlen(function->name), function);
	}
}

static bool read_manifests(struct hg_survey *survey, const char *const *names, size_t count)
{
	survey->manifests = hg_allocate(count + 1, sizeof(*survey->manifests));
	survey->patterns = hg_allocate(count + 1, sizeof(*survey->patterns));
	for (size_t i = 0; i < count; i++) {
		struct hg_image *image = hg_guarded_image(survey->program, names[i]);
		if (!image)
			return false;
		add_functions(survey, image);
		free(image);
	}
	return true;
}

/* --- the objects --- */

struct visit {
	struct hg_survey *survey;
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

static void note_wanted(struct hg_survey *survey, const char *name)
{
	static const char *const loaders[] = {"dlopen", "dlmopen", NULL};
	static const char *const starters[] = {"execve", "execv",   "execvp",  "execl",       "execlp",
	                                       "execle", "execvpe", "fexecve", "posix_spawn", "posix_spawnp",
	                                       "system", "popen",   NULL};

	static const char *const filters[] = {"seccomp_load", NULL};

	if (!survey->filters)
		survey->filters = known_word(filters, name);
	if (!survey->loads)
		survey->loads = known_word(loaders, name);
	if (!survey->starts)
		survey->starts = known_word(starters, name);
}

static void note_definition(struct visit *visit, struct hg_survey_function *function, bool exported)
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
static void note_sanitizer(struct hg_survey *survey, const char *name)
{
	static const char *const marks[][2] = {{"__asan_init", "AddressSanitizer"},
	                                       {"__tsan_init", "ThreadSanitizer"},
	                                       {"__msan_init", "MemorySanitizer"}};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strcmp(name, marks[i][0]) == 0)
			survey->sanitizer = marks[i][1];
}

static void note_symbol(void *context, const char *name, enum hg_place place)
{
	struct visit *visit = context;
	struct hg_survey_function *function;

	HASH_FIND_STR(visit->survey->functions, name, function);
	if (place == HG_PLACE_WANTED) {
		note_wanted(visit->survey, name);
		if (function)
			function->wanted = true;
		return;
	}
	note_sanitizer(visit->survey, name);
	if (function)
		note_definition(visit, function, place == HG_PLACE_EXPORTED);
}

static void read_object(struct hg_survey *survey, size_t index)
{
	struct visit visit = {.survey = survey, .path = survey->startup.objects[index], .number = index + 1};
	struct hg_elf_file file;

	visit.file = &file;
	if (!hg_elf_file_open(&file, visit.path)) {
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "functions", "%s cannot be read", visit.path);
		return;
	}
	if (!file.preload)
		hg_elf_file_symbols(&file, note_symbol, &visit);
	if (visit.defined > 0 && file.symbolic && index > 0)
		hg_survey_remark(survey, HG_REMARK_NOTE, "functions",
		                 "%s is linked with -Bsymbolic: its calls of its own functions are not seen, and need "
		                 "not be if it is the library itself",
		                 visit.path);
	hg_elf_file_close(&file);
}

/* --- what it comes to --- */

enum { MOST_NAMED = 8 };

/* "a, b, c and 4 more" of the functions of a manifest that have the same news from the same object; null: none. */
static char *name_alike(const struct hg_survey *survey, const struct hg_survey_function *like, size_t *count)
{
	char *text = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&text, &length);

	*count = 0;
	if (!list)
		abort();
	for (const struct hg_survey_function *at = survey->functions; at; at = at->hh.next) {
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

static bool is_first_alike(const struct hg_survey *survey, const struct hg_survey_function *function)
{
	const struct hg_survey_function *at = survey->functions;

	while (at->manifest != function->manifest || at->seen != function->seen || at->object != function->object)
		at = at->hh.next;
	return at == function;
}

static size_t count_functions(const struct hg_survey *survey, const char *manifest)
{
	size_t count = 0;

	for (const struct hg_survey_function *at = survey->functions; at; at = at->hh.next)
		count += at->manifest == manifest;
	return count;
}

static void remark_alike(struct hg_survey *survey, const struct hg_survey_function *like)
{
	size_t count, all = count_functions(survey, like->manifest);
	char *names = name_alike(survey, like, &count);

	switch (like->seen) {
	case HG_SEEN_YES:
		hg_survey_remark(survey, HG_REMARK_OK, "functions",
		                 "%s: %s defines %zu of %zu functions, whose calls will be seen", like->manifest,
		                 like->object, count, all);
		break;
	case HG_SEEN_NOT_PROGRAM:
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "functions",
		                 "%s: the program %s defines %zu of %zu functions itself, whose calls will not be "
		                 "seen: %s",
		                 like->manifest, like->object, count, all, names);
		break;
	case HG_SEEN_NOT_LINKED_IN:
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "functions",
		                 "%s: %s has %zu of %zu functions linked in, and its calls of them will not be seen: "
		                 "%s",
		                 like->manifest, like->object, count, all, names);
		break;
	default:
		hg_survey_remark(survey, HG_REMARK_NOTE, "functions",
		                 "%s: no library that is loaded at the start defines %zu of %zu functions: %s",
		                 like->manifest, count, all, names);
	}
	free(names);
}

static void remark_copies(struct hg_survey *survey)
{
	for (const struct hg_survey_function *at = survey->functions; at; at = at->hh.next) {
		if (at->copies < 2)
			continue;
		hg_survey_remark(survey, HG_REMARK_NOTE, "functions", "%s: %zu objects define %s; the first is %s",
		                 at->manifest, at->copies, at->name, at->object);
		return;
	}
}

static void remark_company(struct hg_survey *survey)
{
	if (survey->sanitizer)
		hg_survey_remark(survey, HG_REMARK_OK, "command", "it is built with %s, beside which guards work",
		                 survey->sanitizer);
	if (survey->filters)
		hg_survey_remark(
		    survey, HG_REMARK_NOTE, "command",
		    "it can install a seccomp filter (%s): one that kills has to allow what guards call, as "
		    "CONTRIBUTING.md lists it under Sandboxes, or the program will be ended",
		    survey->filters);
}

static void remark_later(struct hg_survey *survey)
{
	if (survey->loads)
		hg_survey_remark(survey, HG_REMARK_NOTE, "loader",
		                 "it can load more libraries while it runs (%s): what they define is seen too, unless "
		                 "they are loaded into a namespace of their own (dlmopen)",
		                 survey->loads);
	if (survey->starts)
		hg_survey_remark(survey, HG_REMARK_NOTE, "loader",
		                 "it can start other programs (%s): these are guarded too, unless they are statically "
		                 "linked, of another kind or started without LD_PRELOAD; run says which were not",
		                 survey->starts);
}

/* An object that has the library linked in offers its functions too, and calls them as a library calls its own. */
static void find_linked_in(struct hg_survey *survey)
{
	for (struct hg_survey_function *at = survey->functions; at; at = at->hh.next)
		if (at->seen == HG_SEEN_YES && at->foreign && !at->wanted)
			at->seen = HG_SEEN_NOT_LINKED_IN;
}

static void remark_objects(struct hg_survey *survey)
{
	for (size_t i = 0; i < survey->startup.object_count; i++)
		read_object(survey, i);
	find_linked_in(survey);
	for (const struct hg_survey_function *at = survey->functions; at; at = at->hh.next) {
		if (is_first_alike(survey, at))
			remark_alike(survey, at);
	}
	remark_copies(survey);
	remark_company(survey);
	remark_later(survey);
}

/* Of a manifest of whose functions no call will be seen. */
static const char *why_none(const struct hg_survey *survey, const size_t *counts, enum hg_survey_verdict *verdict)
{
	*verdict = HG_SURVEY_NOTHING;
	if (counts[HG_SEEN_LATER] > 0 && (survey->loads || survey->starts)) {
		*verdict = HG_SURVEY_UNKNOWN;
		return "no library that the program loads at its start defines the functions; those that it loads "
		       "later, and the programs that it starts, are not known";
	}
	if (counts[HG_SEEN_NOT_PROGRAM] > 0)
		return "the program defines the functions itself, so that its calls pass the guards by";
	if (counts[HG_SEEN_NOT_LINKED_IN] > 0)
		return "the functions are linked into a library that uses them, so that its calls pass the guards by";
	return "no library of the program defines the functions, and it cannot load others";
}

static char *why_some(const struct hg_survey *survey, const size_t *counts, const char *manifest)
{
	const struct hg_survey_function *missing = survey->functions;
	size_t all = count_functions(survey, manifest), count;

	while (missing && (missing->manifest != manifest || missing->seen != HG_SEEN_LATER))
		missing = missing->hh.next;
	if (!missing)
		return hg_format("calls of %zu of the %zu functions will be seen", counts[HG_SEEN_YES], all);
	char *names = name_alike(survey, missing, &count);
	char *why =
	    hg_format("calls of %zu of the %zu functions will be seen; no library that is loaded at the start has %s",
	              counts[HG_SEEN_YES], all, names);
	free(names);
	return why;
}

/* The verdict on one manifest, in words to be freed. */
static char *judge_manifest(const struct hg_survey *survey, const char *manifest, enum hg_survey_verdict *verdict)
{
	size_t counts[HG_SEEN_COUNT] = {0};

	for (const struct hg_survey_function *at = survey->functions; at; at = at->hh.next)
		counts[at->seen] += at->manifest == manifest;
	*verdict = HG_SURVEY_COVERED;
	char *why = counts[HG_SEEN_YES] > 0 ? why_some(survey, counts, manifest)
	                                    : hg_format("%s", why_none(survey, counts, verdict));
	if (survey->manifest_count == 1)
		return why;
	char *named = hg_format("%s: %s", manifest, why);
	free(why);
	return named;
}

/* What cannot be told is worse than what will be seen, and that nothing will be is worst. */
static bool is_worse(enum hg_survey_verdict one, enum hg_survey_verdict other)
{
	static const int badness[] = {[HG_SURVEY_COVERED] = 0, [HG_SURVEY_UNKNOWN] = 1, [HG_SURVEY_NOTHING] = 2};
	return badness[one] > badness[other];
}

/* As good as that on its worst manifest. */
static void judge_functions(struct hg_survey *survey)
{
	for (size_t i = 0; i < survey->manifest_count; i++) {
		enum hg_survey_verdict verdict;
		char *why = judge_manifest(survey, survey->manifests[i], &verdict);
		if (i == 0 || is_worse(verdict, survey->verdict))
			hg_survey_judge(survey, verdict, "%s", why);
		free(why);
	}
}

/* --- the command --- */

/* Nothing to look at: `said` is the sentence of `run`, with the name of the program before it. */
static void judge_target(struct hg_survey *survey, int status, const char *said)
{
	const char *sentence = said + strlen(survey->program) + strlen(": ");

	hg_survey_remark(survey, HG_REMARK_PROBLEM, "command", "%.*s", (int)strcspn(sentence, "\n"), sentence);
	if (status == HG_STATUS_UNABLE || status == HG_TARGET_UNGUARDED)
		hg_survey_judge(survey, HG_SURVEY_NOTHING, "the program cannot be guarded");
	else
		hg_survey_judge(survey, HG_SURVEY_UNKNOWN, "the program cannot be run");
}

static void look_into(struct hg_survey *survey, const char *path)
{
	bool answered = hg_startup_read(&survey->startup, path);
	const struct hg_startup *startup = &survey->startup;

	if (startup->is_script)
		hg_survey_remark(survey, HG_REMARK_OK, "command", "%s is a script, which %s reads", path,
		                 startup->program);
	if (startup->missing) {
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "loader", "%s: the loader does not find its library %s",
		                 startup->program, startup->missing);
		hg_survey_judge(survey, HG_SURVEY_UNKNOWN, "the program cannot be run");
		return;
	}
	if (!answered) {
		hg_survey_remark(survey, HG_REMARK_PROBLEM, "loader", "%s: its loader does not list its libraries",
		                 startup->program);
		hg_survey_judge(survey, HG_SURVEY_UNKNOWN, "the program's libraries are not known");
		return;
	}
	hg_survey_remark(survey, HG_REMARK_OK, "command",
	                 "%s is dynamically linked, and loads %zu libraries at its start", startup->program,
	                 startup->object_count - 1);
	remark_objects(survey);
	judge_functions(survey);
}

bool hg_survey_make(struct hg_survey *survey, const char *program, const char *const *manifests, size_t count,
                    const char *command)
{
	char *path = NULL, *said = NULL;
	size_t size = 0;

	memset(survey, 0, sizeof(*survey));
	survey->program = program;
	if (!read_manifests(survey, manifests, count))
		return false;
	FILE *errors = open_memstream(&said, &size);
	if (!errors)
		return false;
	int status = hg_target_find(program, command, &path, errors);
	fclose(errors);
	if (status != 0)
		judge_target(survey, status, said);
	else
		look_into(survey, path);
	free(said);
	free(path);
	return true;
}

void hg_survey_drop(struct hg_survey *survey)
{
	struct hg_survey_function *function, *next;

	HASH_ITER(hh, survey->functions, function, next)
	{
		HASH_DEL(survey->functions, function);
		free(function->name);
		free(function);
	}
	for (size_t i = 0; i < survey->manifest_count; i++) {
		free(survey->manifests[i]);
		free(survey->patterns[i]);
	}
	for (size_t i = 0; i < survey->remark_count; i++)
		free(survey->remarks[i].text);
	free(survey->manifests);
	free(survey->patterns);
	free(survey->remarks);
	free(survey->why);
	hg_startup_drop(&survey->startup);
}
