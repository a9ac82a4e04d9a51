/* Files as a whole. */
#ifndef HG_COMMON_FILE_TEXT_H
#define HG_COMMON_FILE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* What a regular file holds (to be freed, and ended by a NUL), or NULL after saying why on `errors`: that the `what`,
 * such as "manifest", cannot be read. */
char *hg_file_text(const char *path, const char *what, size_t most, size_t *size, FILE *errors);

enum { HG_MOST_YAML = 1 << 20 }; /* a manifest of ten thousand functions has room */

#endif
