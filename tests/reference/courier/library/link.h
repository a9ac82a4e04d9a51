/* What every handle begins with: a socket, and the means to notice that a freed handle is used. */
#ifndef LINK_H
#define LINK_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>

struct link {
	_Atomic uint32_t canary;
	_Atomic int inside; /* threads in calls of this handle */
	int socket;
};

/* A handle of so many bytes around a socket; without memory the socket is closed. NULL also where there is no socket.
 */
void *link_new(size_t size, int socket);

/* A connection to a port of this machine, or a negated errno. */
int link_dial(int port);

/* Around every call. */
void link_enter(struct link *link);
void link_leave(struct link *link);

int64_t link_receive(struct link *link, char *bytes, size_t size);
int64_t link_send(struct link *link, const char *bytes, size_t size);

/* Who waits on the socket, or will, returns at once. HOW: which direction of it, as of shutdown. */
int link_wake(struct link *link, int how);

/* Closes the socket. The memory of a handle that another thread is inside of is kept, so that this is counted and not
 * met by luck. */
void link_free(struct link *link);

#endif
