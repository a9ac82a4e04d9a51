#ifndef HG_REPORT_DESCRIBE_TEST_OF_H
#define HG_REPORT_DESCRIBE_TEST_OF_H

#include "report/model/model.h"

/* Says of a call, which was in flight at `ticks`, in which test it was made. `is_of_place`: its stack is the one that
 * was walked when its place was first met, which tells the frames nearest to the call for certain. */
void hg_describe_test(struct hg_model *model, const struct hg_recording *recording, struct hg_resolved_call *call,
                      uint64_t ticks, bool is_of_place);

/* The tests that the calls of a finding were made in, for people: "T1", or "T1 (the free: T2)". Null: none is known. */
const char *hg_tests_of(struct hg_model *model, const struct hg_resolved_finding *finding);

#endif
