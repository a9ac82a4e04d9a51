/* The warnings about one manifest while it is linted. */
#ifndef HG_MANIFEST_LINT_WARNINGS_H
#define HG_MANIFEST_LINT_WARNINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "manifest/model/manifest.h"

enum hg_lint_rule {
#define HG_LINT_RULE(rule, id) HG_LINT_##rule,
#include "manifest/lint/lint_rules.def"
#undef HG_LINT_RULE
	HG_LINT_RULES
};

/* What warnings are looked up and silenced by; by rule. */
extern const char *const hg_lint_ids[HG_LINT_RULES];

struct hg_lint;

/* `silenced`: by rule; null: nothing is. */
struct hg_lint *hg_lint_begin(const struct hg_manifest *manifest, const bool *silenced);

/* Notes "FILE:LINE:COLUMN: warning: SENTENCE [ID]". */
void hg_warn(struct hg_lint *lint, enum hg_lint_rule rule, struct hg_mark mark, const char *sentence, ...)
    __attribute__((format(printf, 4, 5)));

const struct hg_manifest *hg_linted(const struct hg_lint *lint);

/* Prints what was noted, in the order of the file; returns how many. */
size_t hg_lint_end(struct hg_lint *lint, FILE *output);

#endif
