/* Nothing in the library leads to these functions: a program that asks for the method does. */
#include "box.h"

static int inner_method_of_library(int n)
{
	return box_use(n) * 3;
}

static const struct box_table method = {inner_method_of_library};

const struct box_table *method_of_library(void)
{
	return &method;
}

SPLIT_OFF(seldom_open_of_library, "box_open.cold", box_close)
SPLIT_OFF(seldom_method_of_library, "inner_method_of_library.cold", box_use)
SPLIT_OFF(seldom_close_of_library, "box_close.cold", box_open)
