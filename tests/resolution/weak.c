/* A program that asks whether a function is there by its address: as long as no library that it can see defines it, it
 * is not, also when a plugin has brought one for itself alone. */
#include "check.h"

extern __typeof__(thing_which) thing_which __attribute__((weak));
extern __typeof__(thing_close) *volatile closer;
extern __typeof__(thing_close) thing_close __attribute__((weak));
__typeof__(thing_close) *volatile closer = thing_close;

int main(void)
{
	SAME(thing_which == NULL, 1);
	SAME(closer == NULL, 1);
	const struct plugin *one = load(PLUGIN_1, RTLD_NOW | RTLD_LOCAL);
	SAME(thing_which == NULL, 1);
	int a = one->open();
	SAME(one->close(a), 1);
	SAME(one->which(a), TURNED_AWAY);
	return 0;
}
