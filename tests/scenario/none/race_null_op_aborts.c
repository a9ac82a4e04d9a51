/* Mode abort: the process ends at the call, before the library is asked for nothing.
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: null-op vault none g0; call gate_vault_touch in main
 * stderr: null-op of a vault 0; aborting, as HANDLEGUARD_MODE=abort asks
 * exit: SIGABRT
 */
#include "scenario.h"

int main(void)
{
	tell("none", NULL);
	gate_vault_touch(NULL);
	return 0;
}
