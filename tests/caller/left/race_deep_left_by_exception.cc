/* Ops nested deeper than a thread's frames reach are all left by one exception. None of them stays in flight: the free
 * that follows does not wait.
 *
 * finding: unwound cell c x63+; call cell_call in any; create cell_new in any
 * finding: unwound cell c; call cell_call in any; create cell_new in any
 * recording: handles.cell.freed=1
 */
extern "C" {
#include "caller.h"
}

constexpr int DEPTH = 70;

static int depth;

static int nest(cell *c, void *)
{
	if (++depth == DEPTH)
		throw 42;
	CHECK(cell_call(c, nest, nullptr) == 1);
	return 0;
}

int main()
{
	cell *c = cell_new();
	tell("c", c);
	try {
		cell_call(c, nest, nullptr);
	} catch (int) {
	}
	CHECK(cell_free(c) == 0);
	CHECK(cell_late() == 0 && cell_twice() == 0 && cell_frees() == 1);
	return 0;
}
