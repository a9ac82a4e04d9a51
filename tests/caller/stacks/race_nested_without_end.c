/* More ops of one thread are in flight on a handle than any count of visitors has room for. The free waits for them.
 *
 * finding: late-free cell c; call cell_free in free_it on closer; op any; create cell_new in main; drained
 * recording: handles.cell.freed=1
 */
#include "caller.h"

enum { DEPTH = 70000 };

static int depth;

static int nest(cell *c, void *unused)
{
	if (++depth == DEPTH)
		return stand_still(c, unused);
	CHECK(cell_call(c, nest, NULL) == 1);
	return 0;
}

static void use_deep(void *c)
{
	CHECK(cell_call(c, nest, NULL) == 1);
}

/* On a stack that has room for all of them. */
static void *user_main(void *c)
{
	use_deep(c);
	return NULL;
}

int main(void)
{
	struct side closer;
	pthread_t user;
	pthread_attr_t roomy;
	cell *c = cell_new();
	tell("c", c);
	CHECK(pthread_attr_init(&roomy) == 0 && pthread_attr_setstacksize(&roomy, 1UL << 30) == 0);
	CHECK(pthread_create(&user, &roomy, user_main, c) == 0);
	await_inside();
	start(&closer, "closer", free_it, c);
	await_drain(&closer);
	let_go();
	CHECK(pthread_join(user, NULL) == 0);
	join(&closer);
	check_cells(1);
	return 0;
}
