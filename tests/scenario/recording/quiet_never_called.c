/* A program that never calls a guarded function leaves no file behind.
 *
 * recordings: 0
 */
#include "scenario.h"

int main(void)
{
	CHECK(gate_frees() == 0);
	return 0;
}
