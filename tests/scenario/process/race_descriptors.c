/* Recording, its growth for many threads, findings, stacks: no file descriptor of the program gets another number for
 * it.
 *
 * finding: late-op gate g; call gate_touch in main; free gate_close in close_it; create gate_open in main
 * recording: handles.gate.freed=1 counters.threads-unrecorded=0
 */
#include <dirent.h>
#include <fcntl.h>

#include "scenario.h"

enum { SIDES = 40 };

static int next_descriptor(void)
{
	int descriptor = open("/dev/null", O_RDONLY);
	close(descriptor);
	return descriptor;
}

static int count_descriptors(void)
{
	int count = 0;
	DIR *folder = opendir("/proc/self/fd");
	CHECK(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

int main(void)
{
	struct side sides[SIDES];
	int next = next_descriptor(), count = count_descriptors();
	gate *g = gate_open();
	tell("g", g);
	CHECK(next_descriptor() == next);
	for (int i = 0; i < SIDES; i++)
		start(&sides[i], "waiter", wait_in, g);
	gate_await_parked(g, SIDES);
	gate_let_go(g);
	for (int i = 0; i < SIDES; i++)
		join(&sides[i]);
	close_it(g);
	CHECK(gate_touch(g) == -EPIPE);
	CHECK(next_descriptor() == next && count_descriptors() == count);
	return 0;
}
