/* A forked child inherits what is held back, bounds and all, and goes on with it.
 *
 * run: HANDLEGUARD_QUARANTINE_BLOCKS=2
 * recordings: 2
 * recording: counters.quarantine-held=3 counters.quarantine-released=1
 * child: counters.quarantine-held=2 counters.quarantine-released=2
 */
#include "scenario.h"

static void come_and_go(int count)
{
	while (count--)
		gate_crate_close(gate_crate_open());
}

int main(void)
{
	gate_crate *first = gate_crate_open();
	gate_crate_close(first);
	come_and_go(1);
	pid_t child = fork();
	if (child == 0) {
		gate_crate *fresh = gate_crate_open();
		CHECK(fresh != first);
		gate_crate_close(fresh);
		come_and_go(1);
		return 0;
	}
	await_child(child);
	come_and_go(1);
	return 0;
}
