/* What hg_preserving (trampoline_*.S) asks of C on every machine; registers_*.c is what it asks of one. */
#include <errno.h>

#include "call.h"

void hg_preserving_errno(void (*work)(void *), void *argument);

void hg_preserving_errno(void (*work)(void *), void *argument)
{
	int saved = errno;
	/* Now, for it may take a system call: see run_work in trampoline_aarch64.S. */
	hg_work_stack_spare();
	work(argument);
	errno = saved;
}
