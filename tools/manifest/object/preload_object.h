/* Preload objects as files. */
#ifndef HG_MANIFEST_OBJECT_PRELOAD_OBJECT_H
#define HG_MANIFEST_OBJECT_PRELOAD_OBJECT_H

#include <stdbool.h>
#include <stdio.h>

#include "format/image.h"

/* Goes up with every change of the bytes that are written for an image, because objects that were built earlier are
 * kept. */
#define HG_OBJECT_REVISION 11

/* Writes the preload object of an image to `path`, whole or not at all. It finds the runtime in `runtime_directory`, or
 * else beside itself. Returns 0, or -1 after saying why on `errors`. */
int hg_object_write(const struct hg_image *image, const char *runtime_directory, const char *path, FILE *errors);

/* Whether the file at `path` is what hg_object_write would write there. */
bool hg_object_is(const struct hg_image *image, const char *runtime_directory, const char *path);

#endif
