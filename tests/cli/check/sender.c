/* Imports a function of the library. */
#define NET_WHOLE
#include "net.h"

#include <stddef.h>

int main(void)
{
	return net_send(NULL, NULL, 0) == -1 ? 0 : 1;
}
