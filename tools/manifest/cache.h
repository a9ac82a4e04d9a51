/* Preload objects that were built before. */
#ifndef HG_MANIFEST_CACHE_H
#define HG_MANIFEST_CACHE_H

#include <stdio.h>

/* The path (malloc'ed) of a preload object of the manifest `name` (see hg_manifest_find), built now or earlier and kept
 * in the user's cache. NULL after saying why on `errors`. */
char *hg_manifest_object(const char *name, FILE *errors);
/* The same with every place given. */
char *hg_cached_object(const char *manifest_path, const char *runtime_directory, const char *cache_directory,
                       FILE *errors);
/* The folder (malloc'ed) for cached objects: private to the user, and fit for LD_PRELOAD, which knows neither spaces
 * nor colons. NULL after saying why on `errors`. */
char *hg_cache_directory(FILE *errors);

#endif
