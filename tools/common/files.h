/* What files are called, and what they are. */
#ifndef HG_COMMON_FILES_H
#define HG_COMMON_FILES_H

#include <stdbool.h>

/* What comes after the last slash. */
const char *hg_base_name(const char *path);

/* Whether the name is the suffix and at least one character before it. */
bool hg_has_suffix(const char *name, const char *suffix);

bool hg_is_folder(const char *path);

#endif
