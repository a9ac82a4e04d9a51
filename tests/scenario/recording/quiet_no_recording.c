/* Where nothing can be recorded, one sentence says why, and the handles are guarded all the same: a folder that is not
 * there, one that is none, one of somebody else, a full disk.
 *
 * run: HANDLEGUARD_OUTPUT={tmp}/none
 * stderr: /none: No such file or directory
 * recordings: 0
 * run: HANDLEGUARD_OUTPUT=/dev/null
 * stderr: handleguard: cannot record to /dev/null: Not a directory
 * recordings: 0
 * run: HANDLEGUARD_OUTPUT={foreign}
 * stderr: Operation not permitted
 * recordings: 0
 * run: DISK=16k
 * stderr: No space left on device
 * recordings: 0
 * run: LIMIT=1
 * stderr: File too large
 * recordings: 0
 */
#include "scenario.h"

static void start_runtime(void)
{
	gate_close(gate_open());
}

int main(void)
{
	struct side waiter, closer;
	if (getenv("LIMIT"))
		limit_files(100 << 10);
	start_runtime();
	gate *g = gate_open();
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_it, g);
	await_drain(&closer);
	CHECK(gate_touch(g) == -EPIPE);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	gate_close(g);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
