/* What was held back so that a finding could come of it. */
#ifndef HG_REPORT_DESCRIBE_PROVOKED_H
#define HG_REPORT_DESCRIBE_PROVOKED_H

#include "report/describe/story_parts.h"

/* From the party that says so. */
struct hg_provoked *hg_describe_provoked(struct hg_model *model, const struct hg_recording *recording,
                                         const struct hg_record_party *party);

/* The line of a file for --replay by which it is done again. */
const char *hg_replay_line(struct hg_model *model, const struct hg_resolved_finding *finding);

/* " To provoke it, net_recv was held back for 4 ms before it entered; ..."; nothing if nothing was held. */
void hg_story_provoked(const struct hg_story *story);

#endif
