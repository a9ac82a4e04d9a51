/* In the place of the trampolines' file: C code called from C has nothing to save but errno. */
#include <errno.h>

#include "arch/preserving.h"
#include "process/process.h"

void hg_preserving_here(void (*work)(void *, uint64_t), void *argument)
{
	int saved = errno;
	work(argument, (uint64_t)__builtin_frame_address(0));
	errno = saved;
}

void hg_preserving(void (*work)(void *), void *argument)
{
	int saved = errno;
	work(argument);
	errno = saved;
}
