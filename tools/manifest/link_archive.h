/* Archives of wrappers: linked in with `--wrap`, they lead calls of functions to words that guards can be put into. */
#ifndef HG_MANIFEST_LINK_ARCHIVE_H
#define HG_MANIFEST_LINK_ARCHIVE_H

#include <stdbool.h>
#include <stdio.h>

#include "manifest/model/manifest.h"

struct hg_link_options {
	const char *folder; /* where all of it goes; it is made */
	const char
	    *library;   /* its archive, which is written anew so that it calls itself past the wrappers; null: none */
	bool is_static; /* for programs that are fully static, with the runtime in the archive */
};

/* Writes the archive libhandleguard-NAME.a and a file of the linker's options NAME.link. The compiler and the archiver
 * are those of $CC and $AR, or cc and ar; $OBJCOPY, or objcopy. False after saying why on `errors`. */
bool hg_link_archive_write(const struct hg_manifest *manifest, const struct hg_link_options *options, FILE *errors);

#endif
