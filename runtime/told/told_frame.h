#ifndef HG_TOLD_FRAME_H
#define HG_TOLD_FRAME_H

#include "told/told.h"

#define HG_TOLD_NONE UINT32_MAX

/* The number in the recording of the frame that is the same; HG_TOLD_NONE: there is no room, which is counted. */
uint32_t hg_told_number(const struct hg_record_told *frame);

#endif
