/* What is to be guarded: the functions of the manifests of a command line. */
#ifndef HG_MANIFEST_GUARDED_H
#define HG_MANIFEST_GUARDED_H

#include <stdbool.h>

#include "format/image.h"

/* Whether what -m names is a preload object rather than a manifest, by its file name. */
bool hg_names_object(const char *name);

/* The image (malloc'ed) of what -m names: a name on the shelf, a YAML file, or a preload object. Null after saying on
 * standard error what is wrong; messages begin with `program`. */
struct hg_image *hg_guarded_image(const char *program, const char *name);

#endif
