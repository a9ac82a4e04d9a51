/* Recordings of processes that are still running. */
#ifndef HG_REPORT_READ_LIVE_H
#define HG_REPORT_READ_LIVE_H

#include <stdbool.h>
#include <sys/types.h>

/* Where the recording of a process lies, to be freed; null: it has none, or its mappings may not be read. The process
 * itself has no part in it. */
char *hg_live_recording(pid_t pid);

/* The next process after `pid` (0: the first) that has a recording, and where that lies, to be freed; 0: there is none.
 */
pid_t hg_live_next(pid_t pid, char **path);

#endif
