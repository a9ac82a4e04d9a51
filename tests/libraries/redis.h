/* A server of Redis on a socket of its own, and connections to it. */
#ifndef REDIS_H
#define REDIS_H

#include <hiredis/adapters/libevent.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <sys/wait.h>

#include "scenario.h"

struct server {
	char folder[64], socket[80];
	pid_t pid;
};

static inline void run_server(const struct server *server, int output)
{
	unsetenv("LD_PRELOAD");
	CHECK(dup2(output, 1) == 1);
	execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", server->socket, "--save", "", "--dir",
	       server->folder, (char *)NULL);
	_exit(127);
}

/* Until it says that it accepts connections. */
static inline void start_server(struct server *server)
{
	int output[2];
	char line[512];
	bool ready = false;
	strcpy(server->folder, "/tmp/handleguard-redis-XXXXXX");
	CHECK(mkdtemp(server->folder) && pipe(output) == 0);
	snprintf(server->socket, sizeof server->socket, "%s/socket", server->folder);
	server->pid = fork();
	if (server->pid == 0)
		run_server(server, output[1]);
	close(output[1]);
	FILE *said = fdopen(output[0], "r");
	while (!ready && fgets(line, sizeof line, said))
		ready = strstr(line, "at the unix socket") || strstr(line, "at unix:") ||
		        strstr(line, "connections unix:") || strstr(line, server->socket);
	CHECK(ready);
}

static inline void stop_server(const struct server *server)
{
	kill(server->pid, SIGKILL);
	CHECK(waitpid(server->pid, NULL, 0) == server->pid);
	unlink(server->socket);
	CHECK(rmdir(server->folder) == 0);
}

static inline redisAsyncContext *connect_to(const struct server *server, struct event_base *base)
{
	redisAsyncContext *context = redisAsyncConnectUnix(server->socket);
	CHECK(context && !context->err);
	CHECK(redisLibeventAttach(context, base) == REDIS_OK);
	return context;
}

#endif
