/* A thread of the library's own frees a cell when it sees fit; the program uses it once more. Told apart from frees by
 * that thread that are the program's: of a callback, and where the free itself is the callback, or was handed out.
 *
 * finding: late-op cell expired; call cell_touch in expire; free cell_free in any; create cell_new in make;
 *     by the library itself
 * finding: late-op cell freed; call cell_touch in free_in_callback; free cell_free in any; create cell_new in
 *     make; by a callback: the library had called the program|nobody
 * finding: late-op cell handed; call cell_touch in hand_over_free; free cell_free in any; create cell_new in
 *     make; by nobody
 * finding: late-op cell given; call cell_touch in free_as_handed_out; free cell_free in any; create cell_new in
 *     make; by nobody
 * observed: same
 * recording: handles.cell.freed=4
 */
#include "caller.h"

#define FREE ((cell_callback)(void (*)(void))cell_free)

static int free_cell(cell *c, void *unused)
{
	(void)unused;
	return cell_free(c);
}

static cell *make(const char *name)
{
	cell *c = cell_new();
	tell(name, c);
	return c;
}

static int rejected(void)
{
	return guarding() ? -1 : 1;
}

static void expire(void)
{
	cell *c = make("expired");
	CHECK(cell_expire(c) == 0);
	cell_await_closed();
	CHECK(cell_touch(c) == rejected());
}

static void free_in_callback(void)
{
	cell *c = make("freed");
	CHECK(cell_call_later(c, free_cell, NULL) == 0);
	cell_await_closed();
	CHECK(cell_touch(c) == rejected());
}

static void hand_over_free(void)
{
	cell *c = make("handed");
	CHECK(cell_call_later(c, FREE, NULL) == 0);
	cell_await_closed();
	CHECK(cell_touch(c) == rejected());
}

static void free_as_handed_out(void)
{
	cell *c = make("given");
	CHECK(cell_call_later(c, (cell_callback)(void (*)(void))cell_functions()->free, NULL) == 0);
	cell_await_closed();
	CHECK(cell_touch(c) == rejected());
}

int main(void)
{
	expire();
	free_in_callback();
	hand_over_free();
	free_as_handed_out();
	return 0;
}
