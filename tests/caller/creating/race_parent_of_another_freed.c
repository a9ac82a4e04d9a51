/* Two creates are in flight on two cells, and one of these is being freed. The other one's new bud is used on another
 * thread before its create returns: it is not known yet which cell it is made from, and need not be the one that goes.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: late-free cell a; call cell_fell in fell on closer; op cell_layer in main; create cell_new in main; drained
 * recording: handles.cell.freed=2 handles.bud.created=2
 */
#include "caller.h"

static cell *a, *b;
static struct side closer;

static void use_bud(void *made)
{
	CHECK(bud_touch(made) == 1);
}

static int use_elsewhere(bud *made, void *unused)
{
	struct side user;
	(void)unused;
	start(&user, "user", use_bud, made);
	join(&user);
	return 0;
}

static void make_another(void *unused)
{
	(void)unused;
	CHECK(bud_free(cell_layer(b, use_elsewhere, NULL)) == 0);
}

static void fell(void *unused)
{
	(void)unused;
	CHECK(cell_fell(a, NULL, 0) == 0);
}

static int make_another_while_freed(bud *unused, void *unused_too)
{
	struct side maker;
	(void)unused;
	(void)unused_too;
	start(&closer, "closer", fell, NULL);
	await_drain(&closer);
	start(&maker, "maker", make_another, NULL);
	join(&maker);
	return 0;
}

int main(void)
{
	a = cell_new();
	b = cell_new();
	tell("a", a);
	CHECK(cell_layer(a, make_another_while_freed, NULL));
	join(&closer);
	CHECK(cell_free(b) == 0);
	return 0;
}
