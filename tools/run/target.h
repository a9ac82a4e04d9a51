/* The program to run: where it is, and whether the loader will preload anything into it. */
#ifndef HG_RUN_TARGET_H
#define HG_RUN_TARGET_H

/* Finds the command as a shell would. Returns 0 and stores its path (malloc'ed); or the exit status of the run, after
 * saying on standard error why there is nothing to run or why guards could not work in it. */
int hg_target_find(const char *program, const char *command, char **path);

#endif
