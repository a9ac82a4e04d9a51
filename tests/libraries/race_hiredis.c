/* What hiredis forbids: a command on a context that a callback has freed, and a second free of it.
 *
 * finding: late-op async c; call redisAsyncCommand in main; free redisAsyncFree in free_it; create redisAsyncConnectUnix in
 *     connect_to<main
 * finding: repeat-free async c; call redisAsyncFree in main; free redisAsyncFree in free_it; create redisAsyncConnectUnix in
 *     connect_to<main
 * recording: handles.async.freed=1
 */
#include "redis.h"

static void free_it(redisAsyncContext *context, void *reply, void *unused)
{
	(void)reply;
	(void)unused;
	redisAsyncFree(context);
}

int main(void)
{
	struct server server;
	struct event_base *base = event_base_new();
	start_server(&server);
	redisAsyncContext *context = connect_to(&server, base);
	tell("c", context);
	CHECK(redisAsyncCommand(context, free_it, NULL, "PING") == REDIS_OK);
	event_base_dispatch(base);
	CHECK(redisAsyncCommand(context, NULL, NULL, "PING") == -1);
	redisAsyncFree(context);
	event_base_free(base);
	stop_server(&server);
	return 0;
}
