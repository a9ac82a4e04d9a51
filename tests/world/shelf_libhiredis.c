/* Usage: REDIS_SOCKET=SOCKET world_libhiredis quiet|race
 * `quiet` sends commands by connections of both parts of the library, lets callbacks end the connections that they are
 * called by, and reads replies without any. `race` frees a connection while another thread waits for a reply on it, and
 * uses it afterwards; has two threads in one connection; and uses and frees what a callback has freed. */
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "parked.h"
#include "quiet.h"

static redisContext *connect_to_server(void)
{
	redisContext *context = redisConnectUnix(getenv("REDIS_SOCKET"));

	MUST(context && !context->err);
	return context;
}

/* ---- What is allowed ---- */

static void must_reply(redisReply *reply, const char *text)
{
	MUST(reply && strcmp(reply->str, text) == 0);
	freeReplyObject(reply);
}

static void *send_commands(void *unused)
{
	for (int i = 0; i < 50; i++) {
		redisContext *context = connect_to_server();
		redisReply *reply;
		must_reply(redisCommand(context, "SET letter %s", "a"), "OK");
		MUST(redisAppendCommand(context, "GET letter") == REDIS_OK &&
		     redisAppendCommand(context, "PING") == REDIS_OK);
		MUST(redisGetReply(context, (void **)&reply) == REDIS_OK);
		must_reply(reply, "a");
		MUST(redisGetReply(context, (void **)&reply) == REDIS_OK);
		must_reply(reply, "PONG");
		MUST(redisReconnect(context) == REDIS_OK);
		redisFree(context);
	}
	return unused;
}

static void fail_to_connect(void)
{
	redisContext *context = redisConnectUnix("/nowhere");

	MUST(context && context->err);
	redisFree(context);
}

static void keep_descriptor(void)
{
	int descriptor = redisFreeKeepFd(connect_to_server());
	redisContext *context = redisConnectFd(descriptor);

	must_reply(redisCommand(context, "PING"), "PONG");
	redisFree(context);
}

static void read_without_connection(void)
{
	redisReader *reader = redisReaderCreate();
	redisReply *reply;

	MUST(redisReaderFeed(reader, "+yes\r\n", 6) == REDIS_OK);
	MUST(redisReaderGetReply(reader, (void **)&reply) == REDIS_OK);
	must_reply(reply, "yes");
	redisReaderFree(reader);
}

static int replies;
static bool gone;

static void note_gone(const redisAsyncContext *context, int status)
{
	MUST(context && status == REDIS_OK);
	gone = true;
}

static redisAsyncContext *connect_async(void)
{
	redisAsyncContext *context = redisAsyncConnectUnix(getenv("REDIS_SOCKET"));

	MUST(context && !context->err && redisAsyncSetDisconnectCallback(context, note_gone) == REDIS_OK);
	redisEnableKeepAlive(&context->c); /* of the part that it begins with; means nothing to such a socket */
	context->c.err = 0;
	gone = false;
	return context;
}

/* What a library of events would do. */
static void run_until_gone(redisAsyncContext *context)
{
	struct pollfd side = {.fd = context->c.fd, .events = POLLIN};

	while (!gone) {
		redisAsyncHandleWrite(context);
		MUST(poll(&side, 1, -1) == 1);
		redisAsyncHandleRead(context);
	}
}

static void count(redisAsyncContext *context, void *reply, void *unused)
{
	(void)context, (void)unused;
	replies += reply != NULL;
}

static void free_inside(redisAsyncContext *context, void *reply, void *unused)
{
	(void)unused;
	replies += reply != NULL;
	redisAsyncFree(context);
}

static void disconnect_inside(redisAsyncContext *context, void *reply, void *unused)
{
	(void)unused;
	replies += reply != NULL;
	redisAsyncDisconnect(context);
}

static void end_async(redisCallbackFn *how)
{
	redisAsyncContext *context = connect_async();

	MUST(redisAsyncCommand(context, count, NULL, "PING") == REDIS_OK);
	MUST(redisAsyncCommand(context, how, NULL, "PING") == REDIS_OK);
	if (how == count)
		redisAsyncDisconnect(context);
	run_until_gone(context);
}

static void quiet(void)
{
	pthread_t one = start(send_commands, NULL), other = start(send_commands, NULL);

	for (int i = 0; i < 20; i++) {
		fail_to_connect();
		keep_descriptor();
		read_without_connection();
		end_async(count);
		end_async(free_inside);
		end_async(disconnect_inside);
		redisAsyncFree(connect_async());
	}
	MUST(replies == 120);
	join(one);
	join(other);
}

/* ---- What is not ---- */

static _Atomic pid_t waiter;

static void *wait_for_letter(void *context)
{
	waiter = (pid_t)syscall(SYS_gettid);
	MUST(!redisCommand(context, "BLPOP no-letters 0"));
	return NULL;
}

static void free_under_a_command(void)
{
	redisContext *context = connect_to_server();
	int descriptor = context->fd;
	pthread_t thread = start(wait_for_letter, context);

	await_reading(&waiter, (unsigned)descriptor);
	MUST(redisAppendCommand(context, "PING") == REDIS_OK); /* two threads in one connection */
	redisFree(context);                                    /* gives up at the deadline */
	MUST(redisAppendCommand(context, "PING") == REDIS_ERR);
	redisFree(context);
	shutdown(descriptor, SHUT_RDWR);
	join(thread);
}

static void use_what_a_callback_freed(void)
{
	redisAsyncContext *context = connect_async();

	MUST(redisAsyncCommand(context, free_inside, NULL, "PING") == REDIS_OK);
	run_until_gone(context);
	MUST(redisAsyncCommand(context, count, NULL, "PING") == REDIS_ERR);
	redisAsyncFree(context);
}

static void race(void)
{
	free_under_a_command();
	use_what_a_callback_freed();
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
