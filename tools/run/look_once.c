#include "run/look_once.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/allocate.h"
#include "manifest/cache.h"

/* NULL: there is none, and no harm in that. */
static char *find_cache(void)
{
	FILE *unheard = fopen("/dev/null", "w");
	char *cache = unheard ? hg_cache_directory(unheard) : NULL;

	if (unheard)
		fclose(unheard);
	return cache;
}

void hg_run_look_once(void)
{
	char *cache = getenv(HG_LOOKED_THROUGH_VARIABLE) ? NULL : find_cache();
	char *path = cache ? hg_format("%s/" HG_LOOKED_THROUGH_FILE, cache) : NULL;
	int file = path ? open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600) : -1;

	if (file >= 0) {
		setenv(HG_LOOKED_THROUGH_VARIABLE, path, 1);
		close(file);
	}
	free(path);
	free(cache);
}
