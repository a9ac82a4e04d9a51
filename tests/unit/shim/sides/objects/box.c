#include "box.h"

static int inner_of_library(int n)
{
	return n + 1;
}

int box_open(int n)
{
	return inner_of_library(n);
}

int box_use(int n)
{
	return helper_of_library(n) + 1;
}
