/* The calls of a finding, as the formats for machines list them, and where in the user's code each stands. */
#ifndef HG_REPORT_PRINT_SIDE_H
#define HG_REPORT_PRINT_SIDE_H

#include <stddef.h>

#include "report/model/model.h"

/* A call, and what it did: "the free", "in flight", ... */
struct hg_side {
	const char *what;
	const struct hg_resolved_call *call;
};

enum { HG_MOST_SIDES = 8 };

/* The calls of a finding, the one that it is about first; of many alike those that there is room for. How many. */
size_t hg_sides(const struct hg_resolved_finding *finding, struct hg_side sides[HG_MOST_SIDES]);

/* All frames of a call's stack that are the user's: those that the process told, or else C's. */
size_t hg_user_frames(const struct hg_resolved_call *call, const struct hg_resolved_frame **frames);

/* That which its user would look at first (describe/user_frame.h); null: its line is not known. */
const struct hg_resolved_frame *hg_user_line(const struct hg_resolved_call *call);

/* The same of the first side that has one. */
const struct hg_resolved_frame *hg_finding_line(const struct hg_resolved_finding *finding);

/* The test that the finding belongs to: that of the call it is about, or else of the next side; null: none is known. */
const char *hg_finding_test(const struct hg_resolved_finding *finding);

/* "late-free of stream: net_free against net_recv" */
const char *hg_finding_title(struct hg_model *model, const struct hg_group *group);

#endif
