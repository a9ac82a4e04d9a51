/* The program's own malloc calls guarded functions, also while the runtime starts and makes itself known to a thread:
 * nothing recurses without end, nothing waits for itself.
 *
 * recording: handles.gate.created=2 handles.gate.freed=2
 */
#define _GNU_SOURCE
#include "scenario.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static gate *_Atomic watched;
static _Thread_local int depth;

/* A recursion that does not end is the program's own: told apart from a crash. */
static void touch(void)
{
	gate *g = watched;
	CHECK(depth < 4);
	depth++;
	if (g)
		gate_touch(g);
	depth--;
}

void *malloc(size_t size)
{
	touch();
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	touch();
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	touch();
	return __libc_realloc(memory, size);
}

static void use(void *g)
{
	CHECK(gate_touch(g) == 1);
	gate_close(gate_open());
}

int main(void)
{
	struct side side;
	watched = gate_open_unseen(); /* the first guarded call comes from malloc */
	free(malloc(1));
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	watched = g;
	start(&side, "user", use, g);
	join(&side);
	watched = NULL;
	gate_close(g);
	CHECK(gate_violations() == 0);
	return 0;
}
