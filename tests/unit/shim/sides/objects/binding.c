#include "box.h"

static int inner_of_binding(int n)
{
	return box_close(n) + 1;
}

int first_of_binding(int n);
int first_of_binding(int n)
{
	return inner_of_binding(box_open(n)) + second_of_binding(n);
}
