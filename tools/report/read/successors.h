/* A process that calls exec goes on under the same number and start time, and begins a new recording: which recording
 * is the last of its process is known when all have been found. */
#ifndef HG_REPORT_READ_SUCCESSORS_H
#define HG_REPORT_READ_SUCCESSORS_H

#include "report/model/model.h"

/* Notes when the recording that lies there was begun; nothing, if it is none. */
void hg_note_start(struct hg_model *model, int fd);

bool hg_has_successor(const struct hg_model *model, const struct hg_record_header *header);

#endif
