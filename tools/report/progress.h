/* How far the reading of many recordings has come, on a line of a terminal that is its own. */
#ifndef HG_REPORT_PROGRESS_H
#define HG_REPORT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hg_progress {
	size_t done, all;
	int64_t next_ms; /* when it is to be said again; INT64_MAX: never */
	bool said;
};

/* Nothing is said unless standard error is a terminal, and before it has taken half a second. */
struct hg_progress hg_progress_begin(bool wanted, size_t all);
void hg_progress_step(struct hg_progress *progress);
/* Leaves the line empty. */
void hg_progress_end(const struct hg_progress *progress);

#endif
