/* Findings that are alike: same kind, class, functions and call sites on both sides, in whatever process. */
#ifndef HG_REPORT_DESCRIBE_GROUP_H
#define HG_REPORT_DESCRIBE_GROUP_H

#include "report/model/model.h"

/* Adds the findings of a recording to their groups: counts from the table of sites, examples from the ring, which are
 * described. */
void hg_group_recording(struct hg_model *model, const struct hg_recording *recording);

/* When all have been added: the gravest and most frequent groups come first. */
void hg_finish_groups(struct hg_model *model);

/* The same order again, after levels were changed or findings accepted: those come last. */
void hg_sort_groups(struct hg_model *model);

#endif
