#include "client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "gate.h"

#define NAME_OF(client, function) client##_##function
#define NAME(client, function)    NAME_OF(client, function)
#define MINE(function)            NAME(CLIENT_NAME, function)

static _Atomic int users;
void (*MINE(pause))(void);

int MINE(open)(int server)
{
	users++;
	return gate_line_connect(server);
}

int MINE(send)(int id)
{
	return gate_line_send(id);
}

int MINE(wait)(int id)
{
	return gate_line_wait(id);
}

void MINE(close)(int id)
{
	if (--users > 0)
		return;
	if (MINE(pause))
		MINE(pause)();
	gate_line_disconnect(id);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sharers, shared;

int MINE(share)(int server)
{
	pthread_mutex_lock(&lock);
	if (sharers++ == 0)
		shared = gate_line_connect(server);
	int id = shared;
	pthread_mutex_unlock(&lock);
	return id;
}

void MINE(unshare)(void)
{
	pthread_mutex_lock(&lock);
	if (--sharers == 0)
		gate_line_disconnect(shared);
	pthread_mutex_unlock(&lock);
}
