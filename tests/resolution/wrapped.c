/* A library before libthing wraps one of its functions and finds it by RTLD_NEXT. */
#include "check.h"

int main(void)
{
	int a = thing_open();
	for (int i = 0; i < 10; i++)
		SAME(thing_which(a), 11);
	SAME(thing_close(a), 1);
	SAME(thing_which(a), TURNED_AWAY);
	return 0;
}
