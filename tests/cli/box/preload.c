/* Prints what LD_PRELOAD holds. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	const char *preload = getenv("LD_PRELOAD");

	puts(preload ? preload : "none");
	return 0;
}
