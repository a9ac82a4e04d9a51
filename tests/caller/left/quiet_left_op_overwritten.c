/* A thread leaves an op by a jump that calls no function, and never calls the library again: what it does afterwards
 * uses the stack where the op stood. When another thread frees the handle, it has nobody to wait for.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=1
 */
#include <string.h>

#include "leave.h"

static sem_t left, freed;

__attribute__((noinline)) static void use_stack(void)
{
	volatile char used[4096];
	memset((void *)used, 1, sizeof used);
	STAY();
}

static void leave_it(void *c)
{
	enter_and_leave(c);
	use_stack();
	sem_post(&left);
	sem_wait(&freed);
}

int main(void)
{
	struct side leaver;
	cell *c = cell_new();
	sem_init(&left, 0, 0);
	sem_init(&freed, 0, 0);
	start(&leaver, "leaver", leave_it, c);
	sem_wait(&left);
	CHECK(cell_free(c) == 0);
	sem_post(&freed);
	join(&leaver);
	check_quiet(1);
	return 0;
}
