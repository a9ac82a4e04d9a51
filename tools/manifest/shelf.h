/* The shelf: the folder of ready-made manifests, found by name. */
#ifndef HG_MANIFEST_SHELF_H
#define HG_MANIFEST_SHELF_H

#include <stdbool.h>
#include <stdio.h>

bool hg_is_soname(const char *name);
/* The path (malloc'ed) of the manifest that a person means by `name`: a path if it has a '/' or ends in `.yaml`, else
 * the name of one on the shelf, or the soname of the library that one is for. NULL after saying why on `errors`. */
char *hg_manifest_find(const char *name, const char *shelf_directory, FILE *errors);
/* Prints a line a manifest on the shelf: name, library patterns, number of functions. Returns 0, or -1 after saying
 * on `errors` what could not be read. */
int hg_shelf_list(const char *shelf_directory, FILE *output, FILE *errors);

#endif
