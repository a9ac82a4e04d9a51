#include <stdlib.h>
#include <string.h>

#include "examples.h"

static struct box *box_of(void *handle)
{
	return handle;
}

static void visit(void *handle)
{
	box_enter(box_of(handle));
	box_leave(box_of(handle));
}

net_node *net_node_new(void)
{
	return (net_node *)box_new();
}

int net_node_ping(net_node *node)
{
	visit(node);
	return 1;
}

int net_node_close(net_node *node)
{
	if (box_of(node)->busy)
		return 16;
	box_free(box_of(node));
	return 0;
}

int net_node_join(net_node *node)
{
	box_park(box_of(node));
	box_free(box_of(node));
	return 0;
}

net_stream *net_stream_open(void)
{
	return (net_stream *)box_new();
}

int net_stream_accept(net_node *node, net_stream **stream)
{
	visit(node);
	*stream = net_stream_open();
	return 0;
}

long net_stream_recv(net_stream *stream, void *buffer, size_t *got)
{
	box_enter(box_of(stream));
	box_park(box_of(stream));
	box_leave(box_of(stream));
	memset(buffer, 'r', 1);
	*got = 1;
	return 1;
}

int net_stream_cancel(net_stream *stream)
{
	box_let_go(box_of(stream));
	return 0;
}

int net_stream_splice(net_stream *from, net_stream *to)
{
	visit(from);
	visit(to);
	return 0;
}

void net_stream_free(net_stream *stream)
{
	box_free(box_of(stream));
}

int net_stream_finish(net_stream *stream)
{
	box_free(box_of(stream));
	return 0;
}

int net_stream_poll(struct net_poll_item *items, int count)
{
	for (int i = 0; i < count; i++)
		visit(items[i].stream);
	return count;
}

int net_stream_move(const struct net_route *route)
{
	return net_stream_splice(route->from, route->to);
}

int net_stream_flush(net_stream *const *streams, int count)
{
	for (int i = 0; i < count; i++)
		visit(streams[i]);
	return 0;
}

int net_stream_log(long a, long b, long c, long d, long e, long f, net_stream *stream)
{
	visit(stream);
	return (int)(a + b + c + d + e + f);
}

void net_stream_end(net_stream **stream)
{
	box_free(box_of(*stream));
	*stream = NULL;
}

/* --- packets are their own block of the allocator --- */

struct net_packet {
	int size;
	char bytes[500];
};

net_packet *net_packet_new(void)
{
	net_packet *packet = malloc(sizeof *packet);
	if (!packet)
		abort();
	packet->size = sizeof packet->bytes;
	return packet;
}

int net_packet_size(net_packet *packet)
{
	return packet->size;
}

void net_packet_free(net_packet *packet)
{
	free(packet);
}

/* --- parcels --- */

net_parcel *net_parcel_new(void)
{
	return (net_parcel *)box_new();
}

int net_parcel_size(net_parcel *parcel)
{
	box_enter((struct box *)parcel);
	box_leave((struct box *)parcel);
	return 1;
}

int net_parcel_after(net_parcel *parcel, net_parcel *other)
{
	return net_parcel_size(parcel) && (!other || net_parcel_size(other));
}

const char *net_parcel_name(net_parcel *parcel)
{
	return parcel ? "parcel" : NULL;
}

void net_parcel_free(net_parcel *parcel)
{
	box_free((struct box *)parcel);
}

/* --- ports are numbers --- */

enum { PORT = 300 };

int net_port_open(void)
{
	return PORT;
}

int net_port_send(int port)
{
	return port == -1 ? 0 : 1;
}

int net_port_close(int port)
{
	return port == PORT ? 0 : -1;
}
