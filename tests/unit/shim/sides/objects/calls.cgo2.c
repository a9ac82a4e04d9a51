/* As cgo writes them: its own functions are marked, those of the preamble are not. */
#include "box.h"

static int preamble_of_binding(int n)
{
	return box_use(n) + 1;
}

int _cgo_0123_Cfunc_box_open(int n);
int _cgo_0123_Cfunc_box_open(int n)
{
	return preamble_of_binding(box_open(n));
}
