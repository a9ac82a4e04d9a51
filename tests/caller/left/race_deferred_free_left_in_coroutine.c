/* On a coroutine's stack, a free from inside its handle's own op is left to that op, and its destroy callback leaves it
 * by a jump that calls no function. What the handle was made from is not in use by it any more: the free of that does
 * not wait.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: reentrant-free bud b; call bud_free in free_it_inside; op bud_poll in poll;
 *     create cell_sprout in leave_and_free; deferred
 * recording: handles.cell.freed=1 handles.bud.freed=1
 */
#include "leave.h"

static struct coroutine routine;
static int free_it_inside(cell *unused, void *b)
{
	(void)unused;
	bud_free(b);
	STAY();
	return 1;
}

__attribute__((noinline)) static void poll(bud *b)
{
	if (__builtin_setjmp(back) == 0)
		bud_poll(&b, 1, free_it_inside, b);
}

static void leave_and_free(void *argument)
{
	static bud *b;
	cell *parent = argument;
	b = cell_sprout(parent);
	tell("b", b);
	CHECK(bud_on_free(b, leave, NULL) == 1);
	poll(b);
	CHECK(cell_free(parent) == 0);
}

int main(void)
{
	begin(&routine, leave_and_free, cell_new());
	return 0;
}
