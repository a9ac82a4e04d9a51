/* Before main. Without `handleguard run` nothing happens, and the wrappers lead to the library's functions. */
#include <stdlib.h>

#include "alone/alone.h"
#include "interpose/startup.h"

__attribute__((constructor)) static void start(void)
{
	const char *names = secure_getenv("LD_PRELOAD");
	if (!names)
		return;
	hg_alone_know_libc();
	hg_alone_map(names);
	if (!hg_alone_preload_count)
		return;
	hg_start_up();
	hg_alone_initialize();
}
