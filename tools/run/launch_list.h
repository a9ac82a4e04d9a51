/* The list in which the processes of a run note which programs they start without guards (format/launches.h). The
 * report tells what stands in it. */
#ifndef HG_RUN_LAUNCH_LIST_H
#define HG_RUN_LAUNCH_LIST_H

#include <stdbool.h>

#include "format/launches.h"

/* Makes an empty list in the folder. Null: it cannot be made, and nothing will be known. */
struct hg_launches *hg_launches_make(const char *folder);

/* Whether anything stands in the list. */
bool hg_launches_noted(const struct hg_launches *launches);

/* The file stays only if something stands in the list. */
void hg_launches_drop(struct hg_launches *launches, const char *folder);

#endif
