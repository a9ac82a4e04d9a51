/* Files as a whole. */
#ifndef HG_MANIFEST_PARSE_MANIFEST_TEXT_H
#define HG_MANIFEST_PARSE_MANIFEST_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* What a regular file holds (to be freed), or NULL after saying why on `errors`. */
char *hg_file_text(const char *path, size_t *size, FILE *errors);

#endif
