/* A library whose functions are looked at by name and by header, and never called. */
#define NET_WHOLE
#include "net.h"

#include <stddef.h>

net_node *net_node_new(void)
{
	return NULL;
}

void net_node_free(net_node *node)
{
	(void)node;
}

int net_open(net_node *node, net_stream_t *stream)
{
	return node && stream;
}

long net_send(net_stream_t stream, const void *bytes, unsigned long size)
{
	return stream && bytes ? (long)size : -1;
}

int net_send_all(net_stream_t stream, long a, long b, double c, long d, long e, long f, struct net_point g, short h)
{
	return stream && a + b + (long)c + d + e + f + (long)g.x + h > 0;
}

int net_log(const struct net_stream *stream, const char *format, ...)
{
	return stream && format;
}

double net_mix(net_stream_t one, net_stream_t other, double share)
{
	return one && other ? share : 0;
}

struct net_stats net_stats(net_stream_t stream)
{
	return (struct net_stats){stream != NULL, 0, 0};
}

enum net_state net_state(net_stream_t stream, int really)
{
	return stream && really ? NET_OPEN : NET_CLOSED;
}

void net_close(net_stream_t stream)
{
	(void)stream;
}

void net_text_free(char *text)
{
	(void)text;
}
