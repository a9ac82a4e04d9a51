/* Which recordings there are. */
#ifndef HG_REPORT_READ_FIND_H
#define HG_REPORT_READ_FIND_H

#include "report/read/load.h"

/* Adds the recording at `path`, or all of a folder and of the folders in it, to the model's table of files, which keeps
 * their order. False after at least one error, told in one sentence each. A file that was found before is passed over.
 */
bool hg_find(const struct hg_loading *loading, const char *path);

#endif
