/* No thread can be had to wake the op: the free waits for it as any other does, and that is counted.
 *
 * finding: late-free pier p; call gate_pier_close in close_without_threads on closer;
 *     op gate_pier_wait in wait_at_pier on waiter; create gate_pier_open in main; drained; woken gate_pier_interrupt
 * recording: handles.pier.freed=1 counters.wakers-refused=1
 */
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "filter.h"
#include "waking.h"

static void refuse(int number)
{
	struct filtered_call call = {.number = number, .action = SECCOMP_RET_ERRNO | EAGAIN};
	CHECK(filter_call(&call, 0) == 0);
}

static void close_without_threads(void *pier)
{
	refuse(SYS_clone);
	refuse(SYS_clone3);
	gate_pier_close(pier);
}

int main(void)
{
	struct side waiter, closer;
	int number;
	gate_pier *p = gate_pier_open();
	tell("p", p);
	start(&waiter, "waiter", wait_at_pier, p);
	gate_pier_await_parked(p);
	start(&closer, "closer", close_without_threads, p);
	await_drain(&closer);
	CHECK(gate_pier_interrupts(p, &number) == 0);
	gate_pier_let_go(p);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
