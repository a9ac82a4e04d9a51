/* A library that knows nothing of guards. */
#include "victim_library.h"

int victim_op(int a, int b, int c)
{
	return a + b + c;
}
