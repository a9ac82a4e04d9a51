/* What quiet_constructor_joins loads: it alone knows libgate, and uses it on a thread of its constructor. */
#include <pthread.h>
#include <stdlib.h>

#include "gate.h"

static void *use(void *unused)
{
	gate *g = gate_open();
	if (gate_touch(g) != 1)
		abort();
	gate_close(g);
	return unused;
}

__attribute__((constructor)) static void loaded(void)
{
	pthread_t user;
	if (pthread_create(&user, NULL, use, NULL) || pthread_join(user, NULL))
		abort();
}
