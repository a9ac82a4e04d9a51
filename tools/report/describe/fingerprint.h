/* What a race is known by, from one build of the program to the next. */
#ifndef HG_REPORT_DESCRIBE_FINGERPRINT_H
#define HG_REPORT_DESCRIBE_FINGERPRINT_H

#include "report/model/model.h"

/* A number of the finding's kind and class, and on both sides of the guarded function and the user's functions that led
 * to it, by their names. No address, line, file name or depth of a recursion is part of it: it stays the same when the
 * program is built anew, elsewhere, or by another compiler that inlines more. A function without a name is its object.
 */
uint64_t hg_fingerprint(struct hg_model *model, const struct hg_resolved_finding *finding);

#endif
