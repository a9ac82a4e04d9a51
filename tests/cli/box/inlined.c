/* A module of Python's that is compiled as one with the library: box_open is a part of what calls it, and compilers
 * know which registers box_use and box_close leave alone. What is freed is counted by what comes back. */
#include <stdlib.h>

static int __attribute__((noinline)) rounds(void)
{
	return 50;
}

#pragma GCC visibility push(hidden)
struct box;
extern inline __attribute__((always_inline)) struct box *box_open(void);
__attribute__((noinline)) int box_use(struct box *box);
__attribute__((noinline)) void box_close(struct box *box);
#include "box.c"
#pragma GCC visibility pop

static int __attribute__((noinline)) once(void)
{
	struct box *box = box_open();
	int uses = box ? box_use(box) : 0;
	box_close(box);
	return uses;
}

/* At the end of the code, as linkers may put it. */
int PyInit_inlined(void);
int PyInit_inlined(void)
{
	int uses = 0;
	for (int i = rounds(); i > 0; i--)
		uses += once();
	return uses;
}
