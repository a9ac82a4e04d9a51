/* Mode abort: the first error ends the process, with a line that names it; the recording holds the finding.
 *
 * run: HANDLEGUARD_MODE=abort
 * exit: SIGABRT
 * stderr: handleguard: late-op of a gate 0x
 * finding: late-op gate g; call gate_touch in main; free gate_close in close_it; create gate_open in main
 * recording: mode=abort clean_exit=false
 */
#include "scenario.h"

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	close_it(g);
	gate_touch(g);
	fail(__FILE__, __LINE__, "the process ends before this");
}
