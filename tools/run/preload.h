/* What goes into LD_PRELOAD. */
#ifndef HG_RUN_PRELOAD_H
#define HG_RUN_PRELOAD_H

#include <stddef.h>

/* The preload objects of the named manifests, built where need be, before what LD_PRELOAD holds already. To be released
 * with free(). Null after saying on standard error what is wrong. */
char *hg_preload_list(const char *program, const char *const *manifests, size_t count);

#endif
