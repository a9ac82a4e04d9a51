/* Of the library that is preloaded. */
#include "interpose/startup.h"

__attribute__((constructor)) static void start(void)
{
	hg_start_up();
}
