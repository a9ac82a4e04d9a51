#include "net.h"

#include <stdlib.h>

struct net {
	int used;
};

struct net *net_open(void)
{
	return calloc(1, sizeof(struct net));
}

int net_use(struct net *net, void (*meanwhile)(void))
{
	meanwhile();
	return ++net->used;
}

void net_close(struct net *net)
{
	free(net);
}

int net_peek(struct net *net)
{
	return net->used;
}
