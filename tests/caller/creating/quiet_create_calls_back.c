/* Creates that tell of the new handle before they return it: the callback uses it, and hands it to another thread that
 * uses it while the create goes on.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.cell.created=2 handles.cell.freed=2
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.cell.created=2 handles.cell.freed=2
 */
#include "caller.h"

static struct side user;

static int use_new(cell *c, void *unused)
{
	(void)unused;
	return cell_touch(c);
}

static int share_new(cell *c, void *unused)
{
	(void)unused;
	start(&user, "user", use_it, c);
	await_inside();
	return 0;
}

int main(void)
{
	cell *second;
	cell *first = cell_open(use_new, NULL);
	CHECK(cell_open_to(&second, share_new, NULL) == 0);
	CHECK(cell_touch(first) == 1 && cell_touch(second) == 1);
	let_go();
	join(&user);
	CHECK(cell_free(first) == 0 && cell_free(second) == 0);
	check_quiet(2);
	return 0;
}
