/* What hg_preserving (trampoline_*.S) asks of C on every machine; registers_*.c is what it asks of one. */
#include <errno.h>
#include <pthread.h>

#include "call.h"

void hg_preserving_errno(void (*work)(void *), void *argument);

void hg_preserving_errno(void (*work)(void *), void *argument)
{
	int saved = errno, cancelling;
	/* What libc offers is full of cancellation points, and a thread that ended in there would leave half of the
	 * work undone, to others who wait for it. The cancellation comes when the program reaches a point of its own.
	 */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
	/* Now, for it may take a system call: see run_work in trampoline_aarch64.S. */
	hg_work_stack_spare();
	work(argument);
	pthread_setcancelstate(cancelling, NULL);
	errno = saved;
}
