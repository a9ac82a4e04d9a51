/* A handle ends in two steps. What comes after the first is late, also on a thread that has used it just before, and a
 * second close; the free is none, and waits for who had come before. A handle that is closed and not freed is a leak.
 *
 * finding: late-op hatch h; call gate_hatch_touch in main; free gate_hatch_shut in shut on closer; create gate_hatch_open in main
 * finding: late-op hatch h; call gate_hatch_shut in main; free gate_hatch_shut in shut on closer; create gate_hatch_open in main
 * finding: late-free hatch h; call gate_hatch_free in free_it on freer; op gate_hatch_wait in wait_in_hatch on waiter;
 *     create gate_hatch_open in main; drained
 * finding: repeat-free hatch h; call gate_hatch_free in main; free gate_hatch_free in free_it on freer;
 *     create gate_hatch_open in main
 * finding: leak hatch k; create gate_hatch_open in main
 * recording: handles.hatch.created=2 handles.hatch.freed=1
 */
#include "scenario.h"

static sem_t done, over;

/* The threads stay till the end, and their names with them. */
static void stay(void)
{
	sem_post(&done);
	sem_wait(&over);
}

static void wait_in_hatch(void *hatch)
{
	CHECK(gate_hatch_wait(hatch) == 2);
	stay();
}

static void shut(void *hatch)
{
	CHECK(gate_hatch_shut(hatch) == 3);
	stay();
}

static void free_it(void *hatch)
{
	gate_hatch_free(hatch);
	stay();
}

int main(void)
{
	struct side waiter, closer, freer;
	gate *hatch = gate_hatch_open(), *kept = gate_hatch_open();
	tell("h", hatch);
	tell("k", kept);
	CHECK(sem_init(&done, 0, 0) == 0 && sem_init(&over, 0, 0) == 0);
	CHECK(gate_hatch_touch(hatch) == 1);
	start(&waiter, "waiter", wait_in_hatch, hatch);
	gate_await_parked(hatch, 1);
	start(&closer, "closer", shut, hatch);
	sem_wait(&done);
	CHECK(gate_hatch_touch(hatch) == -EPIPE && gate_hatch_shut(hatch) == -EPIPE);
	start(&freer, "freer", free_it, hatch);
	await_drain(&freer);
	gate_let_go(hatch);
	sem_wait(&done);
	sem_wait(&done);
	gate_hatch_free(hatch);
	CHECK(gate_hatch_shut(kept) == 3);
	for (int i = 0; i < 3; i++)
		sem_post(&over);
	join(&waiter);
	join(&closer);
	join(&freer);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
