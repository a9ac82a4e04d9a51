/* Prototypes from headers. */
#ifndef HG_MANIFEST_PROTOTYPE_HEADER_H
#define HG_MANIFEST_PROTOTYPE_HEADER_H

#include <stdio.h>

#include "manifest/prototype/prototype.h"

/* Reads the functions that C headers declare: each a path, or what stands between < and > after an #include; `flags`
 * are the compiler's. False after saying on `errors` what is wrong. */
bool hg_header_read(struct hg_prototypes *prototypes, const char *const *headers, size_t header_count,
                    const char *const *flags, size_t flag_count, FILE *errors);

#endif
