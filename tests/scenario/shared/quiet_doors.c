/* Threads that connect, send and disconnect at will, each connect with its disconnect: the last disconnect of one life
 * and the first connect of the next meet all the time. Nobody is cut off, nothing is lost, and no id is left in the
 * end.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.door.live=0 calls.gate_door_connect=8000 calls.gate_door_disconnect=8000
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.door.live=0 calls.gate_door_connect=8000 calls.gate_door_disconnect=8000
 */
#include "scenario.h"

enum { THREADS = 4, ROUNDS = 2000 };

static void come_and_go(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		int id = gate_door_connect(i % 2);
		CHECK(gate_door_send(id) == 1);
		CHECK(gate_door_disconnect(id) == 0);
	}
}

int main(void)
{
	struct side sides[THREADS];
	for (int i = 0; i < THREADS; i++)
		start(&sides[i], "user", come_and_go, NULL);
	for (int i = 0; i < THREADS; i++)
		join(&sides[i]);
	CHECK(gate_lines_live() == 0 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
