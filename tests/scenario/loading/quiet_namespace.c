/* A second copy of the library in a namespace of its own, where calls are not seen: that there is one is said.
 *
 * recording: handles.gate.created=1 handles.gate.freed=1 counters.namespaces=1
 */
#define _GNU_SOURCE
#include <dlfcn.h>

#include "scenario.h"

int main(void)
{
	void *copy = dlmopen(LM_ID_NEWLM, GATE, RTLD_NOW);
	CHECK(copy);
	gate *(*open_unseen)(void);
	void (*close_unseen)(gate *);
	*(void **)&open_unseen = dlsym(copy, "gate_open");
	*(void **)&close_unseen = dlsym(copy, "gate_close");
	CHECK(open_unseen && close_unseen);
	close_unseen(open_unseen());
	gate_close(gate_open());
	CHECK(gate_frees() == 1 && gate_violations() == 0);
	return 0;
}
