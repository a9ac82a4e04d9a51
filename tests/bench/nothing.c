/* A program that ends at once: without a guarded call, after one, or with so many handles that it never frees. */
#include <stdlib.h>

#include "target.h"

int main(int argc, char **argv)
{
	if (argc == 1)
		return 0;
	for (long left = atol(argv[1]); left > 0; left--)
		if (!target_open())
			return 1;
	struct target *target = target_open();
	int status = target_op(target) != TARGET_VALUE;
	target_free(target);
	return status;
}
