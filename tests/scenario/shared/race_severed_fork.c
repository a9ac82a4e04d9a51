/* A forked child keeps its parent's handles and their holders: when it disconnects, its recording names a holder among
 * the parent's threads. What it drops it drops for itself: in the parent both holders are still there.
 *
 * recordings: 2
 * finding: severed wire id; call gate_wire_disconnect in cut; holder gate_wire_connect in join_in of id;
 *     create gate_wire_connect in main; withheld; child
 * finding: severed wire id; call gate_wire_disconnect in join_in on joiner; holder gate_wire_connect in main of id;
 *     create gate_wire_connect in main; withheld
 * recording: handles.wire.created=1 handles.wire.freed=1
 * child: handles.wire.created=0 handles.wire.freed=0
 */
#include <sys/wait.h>

#include "scenario.h"

static int id;
static sem_t joined, done;

static void join_in(void *unused)
{
	(void)unused;
	CHECK(gate_wire_connect(1) == id);
	sem_post(&joined);
	sem_wait(&done);
	CHECK(gate_wire_disconnect(id) == 0);
}

static void cut(void)
{
	CHECK(gate_wire_disconnect(id) == 0);
}

int main(void)
{
	struct side joiner;
	sem_init(&joined, 0, 0);
	sem_init(&done, 0, 0);
	id = gate_wire_connect(1);
	tell_number("id", (unsigned long)id);
	start(&joiner, "joiner", join_in, NULL);
	sem_wait(&joined);
	pid_t child = fork();
	if (child == 0) {
		cut();
		CHECK(gate_wire_send(id) == 1 && gate_lines_live() == 1);
		exit(0);
	}
	await_child(child);
	sem_post(&done);
	join(&joiner);
	CHECK(gate_wire_disconnect(id) == 0);
	CHECK(gate_lines_live() == 0 && gate_violations() == 0);
	return 0;
}
