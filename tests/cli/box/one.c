/* Program and library compiled as one: what is small becomes part of what calls it, and the compiler may keep a copy of
 * a function for some of its calls, as it names this one. */
#include "box.c"

static int copy_of_peek(const struct box *box) __asm__("box_peek.part.0") __attribute__((noinline));
static int copy_of_peek(const struct box *box)
{
	return box->uses;
}

int main(void)
{
	struct box *box = box_open();
	int uses = box ? box_use(box) + copy_of_peek(box) : 0;
	box_close(box);
	return uses == 2 ? 0 : 3;
}
