#include <stdbool.h>
#include <sys/auxv.h>

bool hg_has_sve(void);

/* Whether the processor has scalable vectors, and the system lets them be used. Not asked for in a constructor: calls
 * may come before ours have run. Called with the vector registers not yet saved; getauxval is a loop over a table. */
bool hg_has_sve(void)
{
	return getauxval(AT_HWCAP) & HWCAP_SVE;
}
