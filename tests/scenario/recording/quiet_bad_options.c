/* Options with mistakes: one line each, and the default is used.
 *
 * run: HANDLEGUARD_MODE=gaurd
 * stderr: handleguard: HANDLEGUARD_MODE=gaurd is not guard|observe|abort; the default is used
 * recording: mode=guard
 * run: HANDLEGUARD_DRAIN=later HANDLEGUARD_DEADLINE_MS=-5 HANDLEGUARD_RING_KIB=1
 * stderr: handleguard: HANDLEGUARD_DRAIN=later is not wait|defer|auto; the default is used
 * stderr: handleguard: HANDLEGUARD_DEADLINE_MS=-5 is not a whole number from 0 to 86400000; the default is used
 * stderr: handleguard: HANDLEGUARD_RING_KIB=1 is not a whole number from 64 to 1048576; the default is used
 * recording: drain=auto deadline_ns=5000000000
 * run: HANDLEGUARD_DEADLINE_MS=5s HANDLEGUARD_STACKS= HANDLEGUARD_REPEAT_LIMIT=99999999999999999999
 * stderr: HANDLEGUARD_DEADLINE_MS=5s is not
 * stderr: HANDLEGUARD_STACKS= is not on|off
 * stderr: HANDLEGUARD_REPEAT_LIMIT=99999999999999999999 is not
 * recording: deadline_ns=5000000000
 */
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	gate_close(g);
	return 0;
}
