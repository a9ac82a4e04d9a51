/* The daemon: a listening socket for streams, and one for control messages, on the same number of a port. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "courier.h"
#include "link.h"
#include "stream.h"

struct courier_daemon {
	struct link control;
	int listener, port;
};

enum { TRIES = 100, BACKLOG = 16 };

/* A socket that is bound to a port of this machine, 0 for any, which is set then; or a negated errno. */
static int bound_socket(int type, int *port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int bound = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (bound < 0)
		return -errno;
	if (bind(bound, (struct sockaddr *)&address, size) != 0 ||
	    getsockname(bound, (struct sockaddr *)&address, &size) != 0) {
		int error = errno;
		close(bound);
		return -error;
	}
	*port = ntohs(address.sin_port);
	return bound;
}

/* Both sockets, or a negated errno. */
static int open_sockets(int *listener, int *control, int *port)
{
	*port = 0;
	*listener = bound_socket(SOCK_STREAM, port);
	if (*listener < 0)
		return *listener;
	*control = bound_socket(SOCK_DGRAM, port);
	if (*control >= 0 && listen(*listener, BACKLOG) == 0)
		return 0;
	int error = *control < 0 ? -*control : errno;
	close(*listener);
	if (*control >= 0)
		close(*control);
	return -error;
}

int courier_daemon_start(courier_daemon **daemon)
{
	int listener = -1, control = -1, port = 0, error = -EADDRINUSE;

	for (int i = 0; i < TRIES && error == -EADDRINUSE; i++)
		error = open_sockets(&listener, &control, &port);
	if (error)
		return error;
	*daemon = link_new(sizeof **daemon, control);
	if (!*daemon) {
		close(listener);
		return -ENOMEM;
	}
	(*daemon)->listener = listener;
	(*daemon)->port = port;
	return 0;
}

int courier_daemon_port(courier_daemon *daemon)
{
	link_enter(&daemon->control);
	int port = daemon->port;
	link_leave(&daemon->control);
	return port;
}

int courier_daemon_accept(courier_daemon *daemon, courier_stream **stream)
{
	link_enter(&daemon->control);
	int connection = accept4(daemon->listener, NULL, NULL, SOCK_CLOEXEC);
	int result = connection < 0 ? -errno : stream_from(connection, stream);
	link_leave(&daemon->control);
	return result;
}

int64_t courier_daemon_next_control(courier_daemon *daemon, char *message, size_t size)
{
	return link_receive(&daemon->control, message, size);
}

int courier_send_control(int port, const char *message)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sender < 0)
		return -errno;
	ssize_t sent = sendto(sender, message, strlen(message), 0, (struct sockaddr *)&address, sizeof address);
	int error = errno;
	close(sender);
	return sent < 0 ? -error : 0;
}

int courier_daemon_wake(courier_daemon *daemon)
{
	shutdown(daemon->listener, SHUT_RDWR);
	return link_wake(&daemon->control, SHUT_RDWR);
}

void courier_daemon_free(courier_daemon *daemon)
{
	close(daemon->listener);
	link_free(&daemon->control);
}
