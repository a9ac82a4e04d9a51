/* Streams, and their halves. */
#define _GNU_SOURCE
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include "gates.h"
#include "link.h"

struct courier_stream {
	struct link link;
};

struct courier_half {
	struct link link;
	int direction; /* as of shutdown: the socket is the other half's too */
};

int stream_from(int connection, courier_stream **stream)
{
	*stream = link_new(sizeof **stream, connection);
	return *stream ? 0 : -ENOMEM;
}

int courier_stream_dial(int port, courier_stream **stream)
{
	int connection = link_dial(port);

	return connection < 0 ? connection : stream_from(connection, stream);
}

int courier_stream_set_timeout(courier_stream *stream, int milliseconds)
{
	struct timeval time = {milliseconds / 1000, milliseconds % 1000 * 1000};

	link_enter(&stream->link);
	int result = setsockopt(stream->link.socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0 ? 0 : -errno;
	link_leave(&stream->link);
	return result;
}

int64_t courier_stream_recv(courier_stream *stream, char *bytes, size_t size)
{
	return link_receive(&stream->link, bytes, size);
}

int64_t courier_stream_send(courier_stream *stream, const char *bytes, size_t size)
{
	return link_send(&stream->link, bytes, size);
}

int courier_stream_wake(courier_stream *stream)
{
	return link_wake(&stream->link, SHUT_RDWR);
}

void courier_stream_free(courier_stream *stream)
{
	link_free(&stream->link);
}

/* ---- Halves ---- */

static courier_half *half_of(const courier_stream *stream, int direction)
{
	courier_half *half = link_new(sizeof *half, fcntl(stream->link.socket, F_DUPFD_CLOEXEC, 0));

	if (half)
		half->direction = direction;
	return half;
}

int courier_stream_split(courier_stream *stream, courier_half **reader, courier_half **writer)
{
	*writer = NULL;
	*reader = half_of(stream, SHUT_RD);
	if (!*reader)
		return -EMFILE;
	if (!gates_split_fails())
		*writer = half_of(stream, SHUT_WR);
	link_free(&stream->link);
	return *writer ? 0 : 1;
}

int64_t courier_half_recv(courier_half *reader, char *bytes, size_t size)
{
	return link_receive(&reader->link, bytes, size);
}

int64_t courier_half_send(courier_half *writer, const char *bytes, size_t size)
{
	return link_send(&writer->link, bytes, size);
}

int courier_half_wake(courier_half *half)
{
	return link_wake(&half->link, half->direction);
}

void courier_half_free(courier_half *half)
{
	link_free(&half->link);
}
