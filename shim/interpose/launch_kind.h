/* What will become of a program that this process is about to start: whether the loader will preload guards into it. */
#ifndef HG_LAUNCH_KIND_H
#define HG_LAUNCH_KIND_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "format/image.h"
#include "format/launches.h"

/* The objects that have to be preloaded. To be called while the process starts, for each. */
void hg_launch_needs(const char *object);

/* Why the file would run without guards in this environment, and in `program` which file that is: a script's
 * interpreter, or what PATH leads to. System calls and stores only. */
enum hg_unguarded hg_launch_kind(const char *file, bool search, char *const *environment, char program[PATH_MAX]);

/* The same of an open file. */
enum hg_unguarded hg_launch_kind_of(int file, char *const *environment, char program[PATH_MAX]);

/* A copy of an environment without the objects of ours, in memory of this size. */
size_t hg_launch_spared_size(char *const *environment);
char **hg_launch_spared(char *const *environment, void *memory);

/* interpose_exec.c: to be called while the process starts, for each preload object. */
void hg_exec_start(const struct hg_image *image);

#endif
