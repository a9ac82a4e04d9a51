#include "manifest/lint/warnings.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

const char *const hg_lint_ids[HG_LINT_RULES] = {
#define HG_LINT_RULE(rule, id) [HG_LINT_##rule] = id,
#include "manifest/lint/lint_rules.def"
#undef HG_LINT_RULE
};

struct warning {
	struct hg_mark mark;
	size_t order; /* of being found: warnings at one place stay in that order */
	char *text;
};

struct hg_lint {
	const struct hg_manifest *manifest;
	const bool *silenced;
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

void hg_warn(struct hg_lint *lint, enum hg_lint_rule rule, struct hg_mark mark, const char *sentence, ...)
{
	char *text = NULL;
	va_list arguments;

	if (lint->silenced && lint->silenced[rule])
		return;
	va_start(arguments, sentence);
	if (vasprintf(&text, sentence, arguments) < 0)
		text = NULL;
	va_end(arguments);
	keep(lint, mark, hg_format("%s [%s]", text ? text : "?", hg_lint_ids[rule]));
	free(text);
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

struct hg_lint *hg_lint_begin(const struct hg_manifest *manifest, const bool *silenced)
{
	struct hg_lint *lint = hg_allocate(1, sizeof(*lint));

	lint->manifest = manifest;
	lint->silenced = silenced;
	return lint;
}

size_t hg_lint_end(struct hg_lint *lint, FILE *output)
{
	size_t count = lint->count;

	if (count)
		qsort(lint->warnings, count, sizeof(*lint->warnings), compare_warnings);
	for (size_t i = 0; i < count; i++) {
		fprintf(output, "%s:%u:%u: warning: %s\n", lint->manifest->path, lint->warnings[i].mark.line,
		        lint->warnings[i].mark.column, lint->warnings[i].text);
		free(lint->warnings[i].text);
	}
	free(lint->warnings);
	free(lint);
	return count;
}
