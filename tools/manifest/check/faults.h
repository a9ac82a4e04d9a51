/* What is wrong between a manifest and its library, kept until it is printed. */
#ifndef HG_MANIFEST_CHECK_FAULTS_H
#define HG_MANIFEST_CHECK_FAULTS_H

#include "manifest/check/check.h"

enum hg_check_rule {
#define HG_CHECK_RULE(rule, id) HG_CHECK_##rule,
#include "manifest/check/check_rules.def"
#undef HG_CHECK_RULE
	HG_CHECK_RULES
};

struct hg_faults {
	const struct hg_manifest *manifest;
	struct hg_notes notes;
};

/* Notes "FILE:LINE:COLUMN: error: SENTENCE [ID]". */
void hg_fault(struct hg_faults *faults, enum hg_check_rule rule, struct hg_mark mark, const char *sentence, ...)
    __attribute__((format(printf, 4, 5)));

/* The function of the manifest by that name; null: it names none. */
const struct hg_manifest_function *hg_function_named(const struct hg_manifest *manifest, const char *name);

/* The parts of the check; each looks at one kind of thing. */
void hg_check_presence(const struct hg_checked *checked, struct hg_faults *faults);
void hg_check_types(const struct hg_checked *checked, struct hg_faults *faults);
void hg_check_unnamed(const struct hg_checked *checked, struct hg_faults *faults);

#endif
