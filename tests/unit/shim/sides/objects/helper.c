#include "box.h"

static int inner_helper_of_library(int n)
{
	return box_open(n) + 3;
}

int helper_of_library(int n)
{
	return inner_helper_of_library(n) * table_of_library.step(n);
}
