/* Where nothing is changed the calls reach the library, which notices; they are told all the same.
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: null-op vault none g0; call gate_vault_touch in main; recent gate_vault_close in main of a
 * finding: stray badge s; call gate_badge_touch in main; create gate_badge_touch in main
 * recording: mode=observe
 */
#include "scenario.h"

int main(void)
{
	gate *vault = gate_vault_open(), *stray = gate_open_unseen();
	tell("a", vault);
	tell("none", NULL);
	tell("s", stray);
	gate_vault_close(vault);
	CHECK(gate_vault_touch(NULL) == -14 && gate_violations() == 1);
	CHECK(gate_badge_touch(stray) == 1);
	gate_badge_close(stray);
	return 0;
}
