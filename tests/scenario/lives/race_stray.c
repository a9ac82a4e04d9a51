/* The class of tokens is closed: one that was made by nobody that the manifest knows of is told once, and used all the
 * same.
 *
 * finding: stray token used; call gate_token_touch in main; create gate_token_touch in main
 * finding: stray token freed; call gate_token_close in main; create gate_token_close in main
 * recording: handles.token.adopted=2 handles.token.created=0 handles.token.freed=2
 */
#include "scenario.h"

int main(void)
{
	/* Boxes are all alike, and the library says nothing of this one. */
	gate_token *used = (gate_token *)gate_open_unseen(), *freed = (gate_token *)gate_open_unseen();
	tell("used", used);
	tell("freed", freed);
	CHECK(gate_token_touch(used) == 1);
	CHECK(gate_token_touch(used) == 1);
	gate_token_close(used);
	gate_token_close(freed);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
