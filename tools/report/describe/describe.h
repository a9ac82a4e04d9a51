/* From the records of a recording to what the report tells. */
#ifndef HG_REPORT_DESCRIBE_DESCRIBE_H
#define HG_REPORT_DESCRIBE_DESCRIBE_H

#include "report/model/model.h"

/* Program, coverage, reach, classes, manifests and ops in flight of one recording. */
void hg_describe_recording(struct hg_model *model, struct hg_recording *recording);

/* Of these what goes when the recording is put to rest: coverage, reach, classes and manifests, and what names are
 * found with. */
void hg_describe_passing(struct hg_model *model, struct hg_recording *recording);

/* A stored finding, with all stacks resolved. */
struct hg_resolved_finding *hg_describe_finding(struct hg_model *model, const struct hg_recording *recording,
                                                const struct hg_record_finding *finding);

/* Null: there is no such symbol. "?": no such class. */
const char *hg_describe_symbol(struct hg_model *model, const struct hg_recording *recording, uint32_t symbol);
const char *hg_describe_class(struct hg_model *model, const struct hg_recording *recording, uint32_t class_index);

/* A call of which only the return address is known. */
struct hg_resolved_call *hg_describe_bare_call(struct hg_model *model, const struct hg_recording *recording,
                                               uint32_t symbol, uint64_t pc, uint64_t ticks);

/* A handle that was never freed, as a leak. */
struct hg_resolved_finding *hg_describe_left(struct hg_model *model, const struct hg_recording *recording,
                                             const struct hg_record_live *left);

#endif
