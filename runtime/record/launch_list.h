/* The list of launches of this run (format/launches.h), as this process has it. System calls and stores only: its
 * functions may be called between vfork and exec. */
#ifndef HG_LAUNCH_LIST_H
#define HG_LAUNCH_LIST_H

#include <stdbool.h>

#include "format/launches.h"

/* To be called while the process starts, once it is prepared (start.h): maps the list, if this is part of a run. */
void hg_launches_start(void);

/* Whether there is a list. */
bool hg_launches_kept(void);

/* Notes that this process has made a recording, or could make none. */
void hg_launches_recorded(bool made);

/* Notes that this process starts a program without guards. Null: it cannot be noted. */
struct hg_launch *hg_launch_note(enum hg_unguarded reason, const char *program);

/* It was not started after all. */
void hg_launch_failed(struct hg_launch *launch);

#endif
