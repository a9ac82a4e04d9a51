/* The binding's second file. */
#include "box.h"

static int inner_second_of_binding(int n)
{
	return box_use(n) + 5;
}

int second_of_binding(int n)
{
	return inner_second_of_binding(n) + box_close(n);
}
