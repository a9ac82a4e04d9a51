/* Mode abort does not end a process for a note: a leak.
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: leak gate g; create gate_open in main
 * recording: mode=abort
 */
#include "scenario.h"

int main(void)
{
	tell("g", gate_open());
	return 0;
}
