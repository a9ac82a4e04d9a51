/* From the YAML of a file to what a manifest says. */
#ifndef HG_MANIFEST_PARSE_READ_H
#define HG_MANIFEST_PARSE_READ_H

#include <stddef.h>
#include <stdio.h>

#include "manifest/model/manifest.h"

/* Reads a manifest. Every mistake is one line on `errors`: "FILE:LINE:COLUMN: key 'KEY': found FOUND, expected
 * EXPECTED", or that a key is missing. Returns NULL if there was one. */
struct hg_manifest *hg_manifest_read(const char *path, FILE *errors);
/* The same of text in memory; `path` gives the manifest its name, and the errors their place. */
struct hg_manifest *hg_manifest_parse(const char *path, const char *text, size_t size, FILE *errors);

#endif
