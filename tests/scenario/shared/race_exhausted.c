/* More handles than a finding can list: those that are left out are counted, and so are further holders of listed ones.
 *
 * finding: exhausted share last; call gate_share_new in fill; holders 47; more 2 13
 * recording: handles.share.created=60 handles.share.limit=60 counters.parties-cut=0
 */
#include "scenario.h"

enum { LIMIT = 60 };

static gate_share *shares[LIMIT];

static void fill(void)
{
	for (int i = 0; i < LIMIT; i++) {
		shares[i] = gate_share_new();
		if (i < 2)
			gate_share_ref(shares[i]);
	}
}

int main(void)
{
	fill();
	tell("last", shares[LIMIT - 1]);
	for (int i = 0; i < 2; i++)
		gate_share_unref(shares[i]);
	for (int i = 0; i < LIMIT; i++)
		gate_share_unref(shares[i]);
	CHECK(gate_frees() == LIMIT && gate_violations() == 0);
	return 0;
}
