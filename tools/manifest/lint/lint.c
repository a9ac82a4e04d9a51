#include "manifest/lint/lint.h"

size_t hg_manifest_lint(const struct hg_manifest *manifest, const bool *silenced, FILE *output)
{
	struct hg_lint *lint = hg_lint_begin(manifest, silenced);

	for (uint32_t i = 0; i < manifest->class_count; i++)
		hg_lint_class(lint, i);
	for (size_t i = 0; i < manifest->function_count; i++) {
		hg_lint_function(lint, &manifest->functions[i]);
		hg_lint_ties(lint, &manifest->functions[i]);
	}
	for (size_t i = 0; i < manifest->table_count; i++)
		hg_lint_table(lint, &manifest->tables[i]);
	return hg_lint_end(lint, output);
}
