/* What is legal in a manifest but unwise. Each rule looks at one class, one function or one table. */
#ifndef HG_MANIFEST_LINT_LINT_H
#define HG_MANIFEST_LINT_LINT_H

#include "manifest/lint/warnings.h"

void hg_lint_class(struct hg_lint *lint, uint32_t index);
void hg_lint_function(struct hg_lint *lint, const struct hg_manifest_function *function);
void hg_lint_ties(struct hg_lint *lint, const struct hg_manifest_function *function);
void hg_lint_table(struct hg_lint *lint, const struct hg_manifest_table *table);

/* Prints a line for everything that is legal but unwise, but for what `silenced` (by rule; null: nothing) is set of;
 * returns how many. */
size_t hg_manifest_lint(const struct hg_manifest *manifest, const bool *silenced, FILE *output);

#endif
