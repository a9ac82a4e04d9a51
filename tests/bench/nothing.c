/* A program that ends at once: without a guarded call, or with some arguments after one. */
#include "target.h"

int main(int argc, char **argv)
{
	(void)argv;
	if (argc == 1)
		return 0;
	struct target *target = target_open();
	int status = target_op(target) != TARGET_VALUE;
	target_free(target);
	return status;
}
