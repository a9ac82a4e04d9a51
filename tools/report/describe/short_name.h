/* Names of C++ and Rust as a person would say them. */
#ifndef HG_REPORT_DESCRIBE_SHORT_NAME_H
#define HG_REPORT_DESCRIBE_SHORT_NAME_H

#include "report/model/model.h"

/* Without the arguments of templates, parameters and what they return, versions of the standard library, and what a
 * compiler adds to the names of clones. Names of other languages stay as they are. */
const char *hg_short_name(struct hg_model *model, const struct hg_resolved_frame *frame);

#endif
