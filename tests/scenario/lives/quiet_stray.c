/* Tokens that the library handed out are none of a closed class's strays; nor are handles of an open class that were
 * made where nobody saw it.
 *
 * recording: handles.token.created=1 handles.token.adopted=0 handles.gate.created=0 handles.gate.adopted=1
 */
#include "scenario.h"

int main(void)
{
	gate_token *token = gate_token_open();
	gate *unseen = gate_open_unseen();
	CHECK(gate_token_touch(token) == 1);
	gate_token_close(token);
	CHECK(gate_touch(unseen) == 1);
	gate_close(unseen);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
