#include "link.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "gates.h"

enum { ALIVE = 0x600d600d, POISON = 0x0badbad0 };

void *link_new(size_t size, int socket)
{
	if (socket < 0)
		return NULL;
	struct link *link = calloc(1, size);
	if (!link) {
		close(socket);
		return NULL;
	}
	link->socket = socket;
	atomic_store(&link->canary, ALIVE);
	return link;
}

int link_dial(int port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connection >= 0 && connect(connection, (struct sockaddr *)&address, sizeof address) == 0)
		return connection;
	int error = errno;
	if (connection >= 0)
		close(connection);
	return -error;
}

static void check(const struct link *link)
{
	if (atomic_load(&link->canary) != ALIVE)
		gates_count_violation();
}

void link_enter(struct link *link)
{
	check(link);
	link->inside++;
	gates_note_change();
}

void link_leave(struct link *link)
{
	check(link);
	link->inside--;
}

static int64_t count_or_error(ssize_t result)
{
	if (result >= 0)
		return result;
	return errno == EAGAIN ? -ETIMEDOUT : -errno; /* as SO_RCVTIMEO tells that the time is up */
}

int64_t link_receive(struct link *link, char *bytes, size_t size)
{
	link_enter(link);
	int64_t count = count_or_error(recv(link->socket, bytes, size, 0));
	link_leave(link);
	return count;
}

int64_t link_send(struct link *link, const char *bytes, size_t size)
{
	link_enter(link);
	int64_t count = count_or_error(send(link->socket, bytes, size, MSG_NOSIGNAL));
	link_leave(link);
	return count;
}

int link_wake(struct link *link, int how)
{
	link_enter(link);
	shutdown(link->socket, how); /* of a socket that is not connected it complains, and wakes all the same */
	link_leave(link);
	return 0;
}

void link_free(struct link *link)
{
	check(link);
	gates_count_free();
	atomic_store(&link->canary, POISON);
	close(link->socket);
	if (link->inside == 0)
		free(link);
	else
		gates_count_violation();
}
