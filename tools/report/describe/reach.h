/* Why a guarded function was or was not seen: from the calls that were counted, and from what the objects of the
 * process, as they lie on disk, define and use. */
#ifndef HG_REPORT_DESCRIBE_REACH_H
#define HG_REPORT_DESCRIBE_REACH_H

#include "report/model/model.h"

/* Sets the reach of every function of the recording. */
void hg_describe_reach(struct hg_model *model, struct hg_recording *recording);

/* As JSON has it: "never-called". */
const char *hg_reach_name(enum hg_reach reach);

/* The one that tells more about a function of several processes. */
bool hg_reach_wins(enum hg_reach one, enum hg_reach other);

/* Why no function of the coverage was called, in a few words. Null: one was. `manifest` null: of all manifests. */
const char *hg_why_uncovered(struct hg_model *model, const struct hg_recording *recording, const char *manifest);

#endif
