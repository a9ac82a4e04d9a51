/* The binding's third file: one of its functions is named as the library's are, and it asks for a method of the
 * library's, which no manifest needs to name. */
#include "box.h"

static int box_setup_of_binding(int n)
{
	return box_use(n) + 2;
}

int third_of_binding(int n);
int third_of_binding(int n)
{
	return box_setup_of_binding(n) + method_of_library()->step(n);
}

SPLIT_OFF(seldom_of_binding, "third_of_binding.cold", box_use)
