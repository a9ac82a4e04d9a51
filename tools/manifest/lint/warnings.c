#include "manifest/lint/warnings.h"

#include <stdarg.h>
#include <stdlib.h>

#include "common/allocate.h"

const char *const hg_lint_ids[HG_LINT_RULES] = {
#define HG_LINT_RULE(rule, id) [HG_LINT_##rule] = id,
#include "manifest/lint/lint_rules.def"
#undef HG_LINT_RULE
};

struct hg_lint {
	const struct hg_manifest *manifest;
	const bool *silenced;
	struct hg_notes warnings;
};

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
	hg_notes_add(&lint->warnings, mark, hg_format("%s [%s]", text ? text : "?", hg_lint_ids[rule]));
	free(text);
}

const struct hg_manifest *hg_linted(const struct hg_lint *lint)
{
	return lint->manifest;
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
	size_t count = lint->warnings.count;

	hg_notes_print(&lint->warnings, lint->manifest->path, "warning: ", count, output);
	hg_notes_drop(&lint->warnings);
	free(lint);
	return count;
}
