#include "box.h"

int box_close(int n)
{
	return n - 1;
}
