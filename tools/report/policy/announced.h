/* What a runner of tests has told already, at the tests that it belongs to: a file in the run's folder, to which each
 * process of the run adds a line for each kind of finding that it has told, FINGERPRINT COUNT. Of such findings `run`
 * says no more than how many they were, and leaves it to the runner whether they fail the run. */
#ifndef HG_REPORT_POLICY_ANNOUNCED_H
#define HG_REPORT_POLICY_ANNOUNCED_H

#include "report/model/model.h"

#define HG_ANNOUNCED_FILE "announced.txt"

/* Notes in each group whether all of its findings have been told. Lines that are none of those above say nothing, and
 * so does a file that cannot be read: what is not known to have been told is told. */
void hg_announced_apply(struct hg_model *model, const char *path);

#endif
