/* What the objects of a program, as they lie on disk, define and use of the functions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "program/elf/elf_file.h"
#include "program/elf/elf_sides.h"
#include "program/elf/links.h"
#include "program/forecast_steps.h"

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

/* A sanitizer's runtime, linked in or a library, is known by a function that it defines. */
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

/* What a library does not export it may hand out. */
static void note_in_table(void *context, const char *name)
{
	struct visit *visit = context;
	struct hg_forecast_function *function;

	HASH_FIND_STR(visit->forecast->functions, name, function);
	if (!function || function->seen != HG_SEEN_NOT_LINKED_IN || function->object != visit->path ||
	    function->foreign)
		return;
	function->seen = HG_SEEN_YES;
	function->in_table = true;
}

/* Calls that were led through wrappers at link time, whatever else is known of the function. */
static void note_link(void *context, const struct hg_linked *linked)
{
	struct visit *visit = context;
	struct hg_forecast_function *function;

	HASH_FIND_STR(visit->forecast->functions, linked->function, function);
	if (!function || !linked->is_called)
		return;
	function->seen = HG_SEEN_YES;
	function->at_link = true;
	function->by_place = visit->file->stripped && !linked->programs;
	function->object = visit->path;
}

static void note_meant(struct hg_forecast *forecast, const struct visit *visit)
{
	for (size_t i = 0; i < forecast->manifest_count; i++)
		if (!forecast->libraries[i] && forecast->patterns[i][0] != '\0' &&
		    hg_elf_file_is_meant(visit->file, visit->path, forecast->patterns[i]))
			forecast->libraries[i] = visit->path;
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
	if (index == 0)
		forecast->stripped_go = file.go && file.stripped;
	if (!file.preload) {
		note_meant(forecast, &visit);
		hg_elf_file_symbols(&file, note_symbol, &visit);
		if (visit.inside > 0)
			hg_elf_table_functions(&file, note_in_table, &visit);
		hg_links_each(&file, note_link, &visit);
	}
	if (visit.defined > 0 && file.symbolic && index > 0)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "functions",
		    "%s is linked with -Bsymbolic: its calls of its own functions are not seen, and need "
		    "not be if it is the library itself",
		    visit.path);
	hg_elf_file_close(&file);
}

/* How the library and its binding can be told apart in an object. */
struct told {
	const char *object; /* null: none was looked at */
	bool two;           /* at all */
	bool by_place;      /* by where their functions lie alone, or nearly */
	bool whole;         /* by a full symbol table */
};

static void note_reached(const struct hg_forecast *forecast, const struct hg_elf_file *file, struct hg_elf_sides *read,
                         const char *const *names, const char *path)
{
	size_t count = HASH_COUNT(forecast->functions), i = 0;
	struct hg_elf_reached *reached = hg_allocate(count, sizeof(*reached));

	hg_elf_count_reached(file, read, names, count, reached);
	for (struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next, i++)
		if (at->object == path)
			at->reached = reached[i];
	free(reached);
}

static void look_at_sides(const struct hg_forecast *forecast, const char *path, struct told *told)
{
	size_t count = HASH_COUNT(forecast->functions), i = 0;
	const char **names = hg_allocate(count, sizeof(*names));
	struct hg_elf_sides read;
	struct hg_elf_file file;

	*told = (struct told){.object = path};
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next)
		names[i++] = at->name;
	if (hg_elf_file_open(&file, path)) {
		if (!file.symbolic && hg_elf_sides_read(&read, &file, names, count)) {
			told->two = hg_sides_are_two(&read.sides);
			told->by_place = read.sides.approximate;
			told->whole = !read.stripped;
			if (told->two && told->whole)
				note_reached(forecast, &file, &read, names, path);
			hg_elf_sides_drop(&read);
		}
		hg_elf_file_close(&file);
	}
	free(names);
}

/* Whether code that is compiled with the function alone refers to it: that is left as it is. */
static bool is_left(const struct hg_forecast_function *function)
{
	return function->reached.led == 0 && function->reached.left > 0;
}

/* An object into which the library is linked exports the library's functions too, and calls them itself: these calls
 * are seen if it is known which of its functions are not the library's. If a program has the library, these are where
 * the references are that are led to the guards. */
static void find_linked_in(struct hg_forecast *forecast)
{
	struct told told = {0};

	/* Code is not rewritten there. */
	if (forecast->load_list.is_static)
		return;
	for (struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		bool in_program = at->seen == HG_SEEN_NOT_PROGRAM && at->copies <= 1;
		bool in_binding = at->seen == HG_SEEN_YES && at->foreign && !at->wanted;
		if (at->at_link || (!in_program && !in_binding))
			continue;
		if (at->object != told.object)
			look_at_sides(forecast, at->object, &told);
		at->by_caller = told.two && (in_binding || (told.whole && !is_left(at)));
		at->by_place = told.by_place;
		at->hidden = in_program;
		at->counted = told.two && told.whole;
		if (at->by_caller)
			at->seen = HG_SEEN_YES;
		else if (in_binding)
			at->seen = HG_SEEN_NOT_LINKED_IN;
	}
}

/* What a function hands out that is seen is seen, too: in tables of tables one after the other. */
static void find_in_tables(struct hg_forecast *forecast)
{
	for (bool again = true; again;) {
		again = false;
		for (struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
			const struct hg_forecast_function *from = at->handed_out_by;
			if (!from || from->seen != HG_SEEN_YES ||
			    (at->seen != HG_SEEN_LATER && at->seen != HG_SEEN_NOT_LINKED_IN))
				continue;
			at->seen = HG_SEEN_YES;
			at->in_table = again = true;
			at->object = from->object;
		}
	}
}

static const char *library_of(const struct hg_forecast *forecast, const char *manifest)
{
	size_t i = 0;

	while (forecast->manifests[i] != manifest)
		i++;
	return forecast->libraries[i];
}

static void find_absent(struct hg_forecast *forecast)
{
	for (struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		const char *library = library_of(forecast, at->manifest);
		if (at->seen != HG_SEEN_LATER || at->optional || !library)
			continue;
		at->seen = HG_SEEN_ABSENT;
		at->object = library;
	}
}

void hg_forecast_read_objects(struct hg_forecast *forecast)
{
	for (size_t i = 0; i < forecast->load_list.object_count; i++)
		read_object(forecast, i);
	find_linked_in(forecast);
	find_in_tables(forecast);
	find_absent(forecast);
}
