/* What hg_preserving (preserving_*.S) asks of C on every machine; registers_*.c is what it asks of one. */
#include <errno.h>
#include <pthread.h>

#include "arch/work_stack.h"

typedef void work_in(void *argument, uint64_t frame); /* that of hg_preserving takes no frame */

void hg_preserving_errno(work_in *work, void *argument, uint64_t frame);

void hg_preserving_errno(work_in *work, void *argument, uint64_t frame)
{
	int saved = errno, cancelling;
	/* What libc offers is full of cancellation points, and a thread that ended in there would leave half of the
	 * work undone, to others who wait for it. The cancellation comes when the program reaches a point of its own.
	 */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
	/* Now, for it may take a system call: see run_work in preserving_aarch64.S. */
	hg_work_stack_spare();
	work(argument, frame);
	pthread_setcancelstate(cancelling, NULL);
	errno = saved;
}
