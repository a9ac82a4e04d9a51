/* Archives of wrappers: linked in with `--wrap`, they lead calls of functions to words that guards can be put into. */
#ifndef HG_MANIFEST_LINK_ARCHIVE_H
#define HG_MANIFEST_LINK_ARCHIVE_H

#include <stdbool.h>
#include <stdio.h>

#include "manifest/model/manifest.h"

/* Writes into a folder, which is made, the archive libhandleguard-NAME.a and a file of the linker's options NAME.link.
 * The compiler and the archiver are those of $CC and $AR, or cc and ar. False after saying why on `errors`. */
bool hg_link_archive_write(const struct hg_manifest *manifest, const char *folder, FILE *errors);

#endif
