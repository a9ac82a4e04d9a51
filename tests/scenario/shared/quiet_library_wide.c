/* A library is started and stopped, as often, by two threads in turn, and started anew; another is there without, and
 * used by one thread after the other.
 *
 * observed: same
 * recording: handles.organ.created=2 handles.organ.freed=2 handles.pipe.created=2 handles.pipe.freed=2
 */
#include "scenario.h"

static void use(void *unused)
{
	(void)unused;
	CHECK(gate_organ_start(false) == 0);
	CHECK(gate_organ_play() == 1 && gate_lathe_turn() == 1);
	CHECK(gate_organ_stop() == 0);
}

int main(void)
{
	struct side other;
	for (int i = 0; i < 2; i++) {
		CHECK(gate_organ_start(false) == 0 && gate_lathe_turn() == 1);
		gate *pipe = gate_pipe_open();
		start(&other, "other", use, NULL);
		join(&other);
		CHECK(gate_organ_play() == 1 && gate_pipe_touch(pipe) == 1 && gate_lathe_turn() == 1);
		gate_pipe_close(pipe);
		CHECK(gate_organ_stop() == 0);
	}
	CHECK(gate_frees() == 4 && gate_violations() == 0);
	return 0;
}
