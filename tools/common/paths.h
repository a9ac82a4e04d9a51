/* Where the files are that were installed with this program, found from where the program itself is. */
#ifndef HG_COMMON_PATHS_H
#define HG_COMMON_PATHS_H

#include <limits.h>

/* This program's own path. False if it cannot be known. */
int hg_own_path(char path[PATH_MAX]);

/* The folder of libhandleguard.so.0. */
const char *hg_runtime_directory(void);

/* The runtime as one object file, for programs that are fully static; it need not be there. */
const char *hg_runtime_object(void);

/* The folder of the ready-made manifests. */
const char *hg_shelf_directory(void);

#endif
