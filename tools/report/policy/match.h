/* Which findings a suppression is about. */
#ifndef HG_REPORT_POLICY_MATCH_H
#define HG_REPORT_POLICY_MATCH_H

#include "report/model/model.h"

bool hg_suppression_fits(struct hg_model *model, const struct hg_suppression *suppression,
                         const struct hg_group *group);

#endif
