/* Many recordings taken together. */
#ifndef HG_REPORT_DESCRIBE_MERGE_H
#define HG_REPORT_DESCRIBE_MERGE_H

#include "report/model/model.h"

/* Adds a recording, while it is not at rest. */
void hg_merge_recording(struct hg_model *model, const struct hg_recording *recording);

/* Coverage, classes and calls of all recordings that were added as if they were one recording, of which nothing else is
 * filled in. A function is bound if it is bound in any of them, and missing if it is missing in one and bound in none.
 */
struct hg_recording *hg_merged_recordings(struct hg_model *model);

#endif
