/* What a process was guarded by, and how that fits the library which the process has. */
#ifndef HG_REPORT_DESCRIBE_MANIFESTS_H
#define HG_REPORT_DESCRIBE_MANIFESTS_H

#include <stdio.h>

#include "report/model/model.h"

/* Sets the recording's manifests, with the functions of their libraries that they do not name. */
void hg_describe_manifests(struct hg_model *model, struct hg_recording *recording);

/* "a, b and 4 more": functions that the manifest does not name. */
const char *hg_unnamed_words(struct hg_model *model, const struct hg_resolved_manifest *manifest, size_t most);

/* Says of each manifest of which recordings have had several states that they have. `all` are the recordings together.
 */
void hg_tell_differing_manifests(const struct hg_recording *all, const char *program, FILE *out);

/* Says of each manifest which functions it names that the library lacks, and what may be meant. False: it has said
 * something. */
bool hg_tell_absent_functions(const struct hg_recording *all, const char *program, FILE *out);

#endif
