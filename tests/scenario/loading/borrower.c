/* What quiet_caller_unknown loads: its calls come from here. */
#include <stddef.h>

void *borrow(void *(*take)(void *), void *share);

void *borrow(void *(*take)(void *), void *share)
{
	void *volatile taken = take(share);
	return taken;
}
