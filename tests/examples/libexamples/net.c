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

/* --- feeds --- */

static void end_feed(struct box *feed)
{
	feed->busy = true;
	if (!feed->inside)
		box_free(feed);
}

net_feed *net_feed_open(void)
{
	return (net_feed *)box_new();
}

int net_feed_run(net_feed *feed, int (*callback)(net_feed *feed))
{
	struct box *box = (struct box *)feed;
	box_enter(box);
	int result = callback(feed);
	box_leave(box);
	if (!result || box->busy)
		end_feed(box);
	return result;
}

int net_feed_ask(net_feed *feed)
{
	return net_parcel_size((net_parcel *)feed);
}

int net_feed_close(net_feed *feed)
{
	end_feed((struct box *)feed);
	return 0;
}

/* --- pipes --- */

net_pipe *net_pipe_open(void)
{
	return (net_pipe *)box_new();
}

int net_pipe_read(net_pipe *pipe)
{
	box_enter((struct box *)pipe);
	box_park((struct box *)pipe);
	box_leave((struct box *)pipe);
	return 0;
}

int net_pipe_close(net_pipe *pipe)
{
	box_let_go((struct box *)pipe);
	return 0;
}

void net_pipe_dispose(net_pipe *pipe)
{
	box_free((struct box *)pipe);
}

/* --- accounts --- */

net_account *net_account_open(void)
{
	return (net_account *)box_new();
}

int net_account_spend(net_account *account)
{
	return net_parcel_size((net_parcel *)account);
}

void net_account_close(net_account *account)
{
	box_free((struct box *)account);
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
