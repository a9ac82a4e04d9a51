/* What finished runs have left in a folder for recordings. */
#ifndef HG_RUN_OLD_RUNS_H
#define HG_RUN_OLD_RUNS_H

#include <stddef.h>

/* Removes from `parent` the folders of all finished runs but the last `keep`, and but the one of the name `but`, which
 * may be null; how many were removed. What is not of a run, of one that may still be going on, or has more in it than a
 * run leaves, stays. */
size_t hg_old_runs_remove(const char *parent, size_t keep, const char *but);

#endif
