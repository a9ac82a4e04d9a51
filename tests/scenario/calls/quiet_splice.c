/* Two handles in one call, in both orders, and twice the same; then each is freed at once.
 *
 * recording: handles.gate.freed=2 calls.gate_splice=3
 */
#include "scenario.h"

int main(void)
{
	gate *one = gate_open(), *other = gate_open();
	gate_let_go(one);
	gate_let_go(other);
	CHECK(gate_splice(one, other) == 5);
	CHECK(gate_splice(other, one) == 5);
	CHECK(gate_splice(one, one) == 5);
	gate_close(one);
	gate_close(other);
	CHECK(gate_frees() == 2 && gate_violations() == 0);
	return 0;
}
