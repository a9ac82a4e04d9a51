/* Findings that are alike: same kind, class, functions and call sites on both sides, in whatever process. */
#ifndef HG_REPORT_DESCRIBE_GROUP_H
#define HG_REPORT_DESCRIBE_GROUP_H

#include "report/model/model.h"

/* Groups the findings of all recordings: counts from the tables of sites, examples from the rings. The gravest and most
 * frequent groups come first. */
void hg_group_findings(struct hg_model *model);

#endif
