/* What is to be guarded: the functions of the manifests of a command line. */
#ifndef HG_MANIFEST_GUARDED_H
#define HG_MANIFEST_GUARDED_H

#include "format/image.h"

/* The image (malloc'ed) of what -m names: a name on the shelf, a YAML file, or a preload object. Null after saying on
 * standard error what is wrong; messages begin with `program`. */
struct hg_image *hg_guarded_image(const char *program, const char *name);

#endif
