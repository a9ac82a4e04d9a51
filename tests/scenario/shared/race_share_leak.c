/* References that nobody drops: the leak names who still holds them. Of the claims of one thread the latest are dropped
 * first.
 *
 * finding: leak share s; create gate_share_new in make; holder gate_share_new in make of s; holder gate_share_ref in keep of s;
 *     holder gate_share_ref in keep_elsewhere on keeper
 * finding: leak share alone; create gate_share_new in make_another
 * recording: handles.share.created=2 handles.share.live=2
 */
#include "scenario.h"

static gate_share *make(void)
{
	return gate_share_new();
}

static gate_share *make_another(void)
{
	return gate_share_new();
}

static void keep(gate_share *share)
{
	for (int i = 0; i < 3; i++)
		gate_share_ref(share);
}

static void keep_elsewhere(void *share)
{
	gate_share_ref(share);
}

static void make_and_drop(void *place)
{
	gate_share **share = place;
	*share = make();
	keep(*share);
	gate_share_unref(*share);
	tell("s", *share);
}

int main(void)
{
	struct side keeper;
	gate_share *share;
	make_and_drop(&share);
	gate_share_unref(share);
	start(&keeper, "keeper", keep_elsewhere, share);
	join(&keeper);
	tell("alone", make_another());
	return 0;
}
