/* A handle is freed while another thread uses it. */
#include "caller.h"

int main(void)
{
	struct side user, closer;
	cell *c = cell_new();
	start(&user, "user", use_it, c);
	await_inside();
	start(&closer, "closer", free_it, c);
	meet(&user, &closer);
	return 0;
}
