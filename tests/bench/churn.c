/* A private handle's whole life at a call site that the thread has seen before. */
#include "target.h"
#include "works.h"

enum { LIVES = 5000 };

double hg_work_churn(unsigned unused)
{
	(void)unused;
	uint64_t begun = target_now();
	for (int i = 0; i < LIVES; i++)
		target_free(target_open());
	return (double)(target_now() - begun) / LIVES;
}
