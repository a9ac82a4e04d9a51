/* Bounds on text that is to be parsed as YAML. */
#ifndef HG_MANIFEST_YAML_LIMITS_H
#define HG_MANIFEST_YAML_LIMITS_H

#include <stddef.h>

#include "manifest/model/notes.h"

/* The mistake's words (to be freed) and its place, if the text goes so far beyond what a manifest holds that parsing it
 * would take very long; NULL if it does not. Text that is no YAML is not this function's affair. */
char *hg_yaml_excess(const char *text, size_t size, struct hg_mark *mark);

#endif
