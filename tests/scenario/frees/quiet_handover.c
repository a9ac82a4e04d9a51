/* Handles are made on one thread, used on a second and freed on a third, one after the other, properly handed over.
 *
 * recording: handles.gate.created=2000 handles.gate.freed=2000
 */
#include "scenario.h"

enum { HANDLES = 2000 };

static sem_t made, used;
static gate *handles[HANDLES];

static void make(void *unused)
{
	(void)unused;
	for (int i = 0; i < HANDLES; i++) {
		handles[i] = gate_open();
		sem_post(&made);
	}
}

static void use(void *unused)
{
	(void)unused;
	for (int i = 0; i < HANDLES; i++) {
		sem_wait(&made);
		CHECK(gate_touch(handles[i]) == 1);
		sem_post(&used);
	}
}

static void end(void *unused)
{
	(void)unused;
	for (int i = 0; i < HANDLES; i++) {
		sem_wait(&used);
		gate_close(handles[i]);
	}
}

int main(void)
{
	struct side maker, user, ender;
	sem_init(&made, 0, 0);
	sem_init(&used, 0, 0);
	start(&maker, "maker", make, NULL);
	start(&user, "user", use, NULL);
	start(&ender, "ender", end, NULL);
	join(&maker);
	join(&user);
	join(&ender);
	CHECK(gate_frees() == HANDLES && gate_violations() == 0);
	return 0;
}
