/* The program to run: where it is, and whether the loader will preload anything into it. */
#ifndef HG_PROGRAM_TARGET_H
#define HG_PROGRAM_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

/* The program can run, but nothing can be preloaded into it. */
enum { HG_TARGET_UNGUARDED = -1 };

/* Finds the command as a shell would. Returns 0 and stores its path (malloc'ed). Else says why on `errors`, and returns
 * HG_TARGET_UNGUARDED with the path, or the exit status of the run if the program cannot be run or guards cannot be
 * loaded into it. */
int hg_target_find(const char *program, const char *command, char **path, FILE *errors);

/* The same on standard error, for one that may as well run unguarded: of that, nothing is said. */
int hg_target_find_any(const char *program, const char *command, char **path);

/* How many scripts the kernel follows, each of them the interpreter of the one before. */
enum { HG_TARGET_SCRIPTS = 4 };

/* The interpreter that a script names in its first line, and the rest of that line; false if it is no script. */
bool hg_target_script(const char *path, char interpreter[PATH_MAX], char argument[PATH_MAX]);

#endif
