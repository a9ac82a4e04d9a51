/* Many threads load something in such a way that the end of the load cannot be seen, and do not come back: for more of
 * them than there is room for, loads count as under way for good, which is said.
 *
 * recording: handles.gate.created=1 handles.gate.freed=1 calls.gate_touch=2 counters.loads-full=1
 */
#include <dlfcn.h>

#include "scenario.h"

enum { MANY = 65 };

static sem_t loaded, end;

/* Where the caller lies decides where this is looked for, so the dynamic linker is called from there. */
static void load(void *unused)
{
	(void)unused;
	CHECK(!dlopen("$ORIGIN/there-is-no-such-plugin.so", RTLD_NOW));
	sem_post(&loaded);
	sem_wait(&end);
}

int main(void)
{
	static struct side loaders[MANY];
	gate *g = gate_open();
	sem_init(&loaded, 0, 0);
	sem_init(&end, 0, 0);
	for (int i = 0; i < MANY; i++)
		start(&loaders[i], "loader", load, NULL);
	for (int i = 0; i < MANY; i++)
		sem_wait(&loaded);
	CHECK(gate_touch(g) == 1);
	for (int i = 0; i < MANY; i++)
		sem_post(&end);
	for (int i = 0; i < MANY; i++)
		join(&loaders[i]);
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
