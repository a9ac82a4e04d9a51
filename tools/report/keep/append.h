/* Records that are added to the recording of a process which is no more. */
#ifndef HG_REPORT_KEEP_APPEND_H
#define HG_REPORT_KEEP_APPEND_H

#include "report/model/model.h"

/* What is to be added. Offsets of texts in the records count from `texts` on, whose first is the empty one. */
struct hg_addition {
	const char *texts;
	size_t text_size;
	struct hg_record_named *named;
	size_t named_count;
	struct hg_record_reached *reached;
	size_t reached_count;
	struct hg_record_unnamed *unnamed;
	size_t unnamed_count;
};

/* False if the recording cannot be added to: it may not be written, has no room for more extents, the disk is full, or
 * its process may still be writing to it. It is as it was then, and whole at any time: what is added counts from when
 * all of it is there. */
bool hg_append(const struct hg_recording *recording, struct hg_addition *addition);

#endif
