/* In the place of the trampolines' file: C code called from C has nothing to save but errno. */
#include <errno.h>

#include "process.h"

void hg_preserving_here(void (*work)(void *), void *argument)
{
	hg_preserving(work, argument);
}

void hg_preserving(void (*work)(void *), void *argument)
{
	int saved = errno;
	work(argument);
	errno = saved;
}
