/* Many recordings need no more memory than few: they are put to rest when they have been described and grouped, and
 * woken one at a time for those formats that tell each of them in full. Few stay awake. */
#ifndef HG_REPORT_DESCRIBE_REST_H
#define HG_REPORT_DESCRIBE_REST_H

#include "report/read/load.h"

enum { HG_MOST_AWAKE = 64 };

/* Puts all recordings from `first` to the last to rest. */
void hg_rest(struct hg_model *model, struct hg_recording *first);

/* Nothing, if the recordings are awake anyway. Of a file that is gone or another one by now, nothing more is known. */
void hg_wake(struct hg_model *model, struct hg_recording *recording);
void hg_rest_again(struct hg_model *model, struct hg_recording *recording);

#endif
