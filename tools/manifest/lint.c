#define _GNU_SOURCE
#include "lint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct warning {
	struct hg_mark mark;
	size_t order; /* of being found: warnings at one place stay in that order */
	char *text;
};

struct hg_lint {
	const struct hg_manifest *manifest;
	struct warning *warnings;
	size_t count, room;
};

static void keep(struct hg_lint *lint, struct hg_mark mark, char *text)
{
	if (lint->count == lint->room) {
		lint->room = lint->room ? 2 * lint->room : 16;
		struct warning *warnings = hg_allocate(lint->room, sizeof(*warnings));
		if (lint->count)
			memcpy(warnings, lint->warnings, lint->count * sizeof(*warnings));
		free(lint->warnings);
		lint->warnings = warnings;
	}
	lint->warnings[lint->count] = (struct warning){mark, lint->count, text};
	lint->count++;
}

void hg_warn(struct hg_lint *lint, struct hg_lint_place place, const char *found, const char *wiser, ...)
{
	char *advice = NULL;
	va_list arguments;

	va_start(arguments, wiser);
	if (vasprintf(&advice, wiser, arguments) < 0)
		advice = NULL;
	va_end(arguments);
	keep(lint, place.mark,
	     hg_format("%s: key '%s': found %s, wiser %s", place.name, place.key, found, advice ? advice : "?"));
	free(advice);
}

const struct hg_manifest *hg_linted(const struct hg_lint *lint)
{
	return lint->manifest;
}

static int compare_warnings(const void *a, const void *b)
{
	const struct warning *x = a, *y = b;

	if (x->mark.line != y->mark.line)
		return x->mark.line < y->mark.line ? -1 : 1;
	if (x->mark.column != y->mark.column)
		return x->mark.column < y->mark.column ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

size_t hg_manifest_lint(const struct hg_manifest *manifest, FILE *output)
{
	struct hg_lint lint = {.manifest = manifest};

	for (uint32_t i = 0; i < manifest->class_count; i++)
		hg_lint_class(&lint, i);
	for (size_t i = 0; i < manifest->function_count; i++)
		hg_lint_function(&lint, &manifest->functions[i]);
	if (lint.count)
		qsort(lint.warnings, lint.count, sizeof(*lint.warnings), compare_warnings);
	for (size_t i = 0; i < lint.count; i++) {
		fprintf(output, "%s:%u:%u: warning: %s\n", manifest->path, lint.warnings[i].mark.line,
		        lint.warnings[i].mark.column, lint.warnings[i].text);
		free(lint.warnings[i].text);
	}
	free(lint.warnings);
	return lint.count;
}
