/* On a coroutine's stack a callback leaves the op by a jump that calls no function, from far below where the coroutine
 * goes on. What comes next overwrites where the op's callers stood, and not the op. It is not in flight any more: the
 * handle is used and freed.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.freed=1
 */
#include "leave.h"

static struct coroutine routine;
__attribute__((noinline)) static void go_down(cell *c)
{
	volatile char between[16384];
	between[0] = 0;
	CHECK(cell_pass(c, leave, NULL) == between[0]);
}

__attribute__((noinline)) static void enter(cell *c)
{
	if (__builtin_setjmp(back) == 0)
		go_down(c);
}

static void leave_and_free(void *c)
{
	enter(c);
	CHECK(cell_touch(c) == 1);
	CHECK(cell_free(c) == 0);
}

int main(void)
{
	begin(&routine, leave_and_free, cell_new());
	check_quiet(1);
	return 0;
}
