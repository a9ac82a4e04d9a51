/* Nothing is loaded later. */
#include "bind/dlopen.h"

void hg_dlopen_end_here(uintptr_t frame)
{
	(void)frame;
}

void hg_dlopen_start(void)
{
}
