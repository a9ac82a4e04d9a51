#include "manifest/check/faults.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

static const char *const ids[HG_CHECK_RULES] = {
#define HG_CHECK_RULE(rule, id) [HG_CHECK_##rule] = id,
#include "manifest/check/check_rules.def"
#undef HG_CHECK_RULE
};

void hg_fault(struct hg_faults *faults, enum hg_check_rule rule, struct hg_mark mark, const char *sentence, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, sentence);
	if (vasprintf(&text, sentence, arguments) < 0)
		text = NULL;
	va_end(arguments);
	hg_notes_add(&faults->notes, mark, hg_format("%s [%s]", text ? text : "?", ids[rule]));
	free(text);
}

const struct hg_manifest_function *hg_function_named(const struct hg_manifest *manifest, const char *name)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		if (strcmp(manifest->functions[i].name, name) == 0)
			return &manifest->functions[i];
	return NULL;
}
