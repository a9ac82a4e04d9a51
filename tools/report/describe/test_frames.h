#ifndef HG_REPORT_DESCRIBE_TEST_FRAMES_H
#define HG_REPORT_DESCRIBE_TEST_FRAMES_H

#include "report/model/model.h"

/* The test that the frames of a call name, and through *frame the number of the frame of the user's language that does.
 * Null: they name none. */
const char *hg_test_by_frames(struct hg_model *model, const struct hg_resolved_stack *stack, size_t *frame);

#endif
