/* What is legal in a manifest but unwise. Each rule looks at one class or at one function. */
#ifndef HG_LINT_H
#define HG_LINT_H

#include "manifest/manifest.h"

enum hg_lint_rule {
#define HG_LINT_RULE(rule, id) HG_LINT_##rule,
#include "manifest/lint_rules.def"
#undef HG_LINT_RULE
	HG_LINT_RULES
};

/* What warnings are looked up and silenced by; by rule. */
extern const char *const hg_lint_ids[HG_LINT_RULES];

struct hg_lint;

/* Notes "FILE:LINE:COLUMN: warning: SENTENCE [ID]". */
void hg_warn(struct hg_lint *lint, enum hg_lint_rule rule, struct hg_mark mark, const char *sentence, ...)
    __attribute__((format(printf, 4, 5)));

const struct hg_manifest *hg_linted(const struct hg_lint *lint);

void hg_lint_class(struct hg_lint *lint, uint32_t index);
void hg_lint_function(struct hg_lint *lint, const struct hg_manifest_function *function);

/* Prints a line for everything that is legal but unwise, but for what `silenced` (by rule; null: nothing) is set of;
 * returns how many. */
size_t hg_manifest_lint(const struct hg_manifest *manifest, const bool *silenced, FILE *output);

/* `handleguard manifest lint`; argv[0] is the command's name. */
int hg_command_lint(int argc, char **argv);

#endif
