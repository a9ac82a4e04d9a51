/* A child is forked while its parent's thread is at waking an op: it has neither that thread nor the free, and wakes
 * ops of its own by a thread of its own.
 *
 * finding: late-free pier second; child; call gate_pier_close in close_second on closer;
 *     op gate_pier_wait in wait_at_pier on waiter; create gate_pier_open in main; drained; woken gate_pier_interrupt
 * finding: late-free pier first; call gate_pier_close in close_pier on closer;
 *     op gate_pier_wait in wait_at_pier on waiter; create gate_pier_open in main; drained; woken gate_pier_interrupt
 * recordings: 2
 */
#include "waking.h"

static void close_second(void *pier)
{
	gate_pier_close(pier);
}

static void close_in_child(gate_pier *second)
{
	struct side waiter, closer;
	int number;
	gate_pier_unlock();
	start(&waiter, "waiter", wait_at_pier, second);
	gate_pier_await_parked(second);
	start(&closer, "closer", close_second, second);
	join(&closer);
	join(&waiter);
	await_no_waker();
	CHECK(gate_pier_interrupts(second, &number) == 1 && gate_frees() == 1 && gate_violations() == 0);
	exit(0);
}

int main(void)
{
	struct side waiter, closer;
	gate_pier *first = gate_pier_open(), *second = gate_pier_open();
	tell("first", first);
	tell("second", second);
	start(&waiter, "waiter", wait_at_pier, first);
	gate_pier_await_parked(first);
	gate_pier_lock();
	start(&closer, "closer", close_pier, first);
	while (wakers() == 0)
		sched_yield();
	pid_t child = fork();
	if (child == 0)
		close_in_child(second);
	await_child(child);
	gate_pier_unlock();
	join(&closer);
	join(&waiter);
	gate_pier_close(second);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
