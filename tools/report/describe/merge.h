/* Many recordings taken together. */
#ifndef HG_REPORT_DESCRIBE_MERGE_H
#define HG_REPORT_DESCRIBE_MERGE_H

#include "report/model/model.h"

/* Coverage, classes and calls of all recordings as if they were one; nothing else of it is filled in. A function is
 * bound if it was in any, and missing if it was in one and was bound in none. */
const struct hg_recording *hg_merge_recordings(struct hg_model *model);

#endif
