/* Bounds on text that is to be parsed as YAML. */
#ifndef HG_MANIFEST_YAML_LIMITS_H
#define HG_MANIFEST_YAML_LIMITS_H

#include <stddef.h>

#include "manifest/model/notes.h"

/* If the text goes so far beyond what a manifest holds that parsing it would take very long, returns the words for that
 * mistake (to be freed) and stores its place; else returns NULL. Does not look for other mistakes. */
char *hg_yaml_excess(const char *text, size_t size, struct hg_mark *mark);

#endif
