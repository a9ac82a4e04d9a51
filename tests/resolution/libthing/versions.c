/* libthing with versions: thing_which tells its own. */
#include "thing.h"

static int alive;

int thing_open(void)
{
	alive = 1;
	return 1;
}

int thing_close(int thing)
{
	(void)thing;
	alive = 0;
	return 1;
}

#ifdef OLDER
int thing_which(int thing)
{
	(void)thing;
	return 1;
}
#else
int which_1(int thing);
int which_2(int thing);

__asm__(".symver which_1, thing_which@THING_1");
__asm__(".symver which_2, thing_which@@THING_2");

int which_1(int thing)
{
	(void)thing;
	return alive ? 1 : USED_AFTER_CLOSE;
}

int which_2(int thing)
{
	(void)thing;
	return alive ? 2 : USED_AFTER_CLOSE;
}
#endif
