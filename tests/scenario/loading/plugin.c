/* What race_plugin loads: it alone knows libgate. */
#include "scenario.h"

void plugin_run(void);

void plugin_run(void)
{
	gate *g = gate_open();
	tell("g", g);
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	CHECK(gate_touch(g) == -EPIPE);
	CHECK(gate_frees() == 1 && gate_uses() == 1 && gate_violations() == 0);
}

void fail(const char *file, int line, const char *condition)
{
	printf("%s:%d: %s does not hold\n", file, line, condition);
	abort();
}

void tell(const char *name, const void *handle)
{
	printf("handle %s %p\n", name, handle);
}
