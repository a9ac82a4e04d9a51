/* Two handles of a place in the program live on at exit, and one that another thread made; what was freed does not
 * count.
 *
 * finding: leak gate any x2; create gate_open in keep
 * finding: leak child child; create gate_child_open in make_child on maker
 * recording: handles.gate.live=2 handles.gate.freed=1 handles.child.live=1
 */
#include "scenario.h"

static gate *keep(void)
{
	return gate_open();
}

static void make_child(void *g)
{
	tell("child", gate_child_open(g));
}

int main(void)
{
	struct side maker;
	gate *kept[3];
	for (int i = 0; i < 3; i++)
		kept[i] = keep();
	gate_close(kept[1]);
	start(&maker, "maker", make_child, kept[0]);
	join(&maker);
	return 0;
}
