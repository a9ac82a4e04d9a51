/* By hiredis' own rules: a reply's callback frees or disconnects the context that is calling it; and a context is
 * disconnected with replies to come, which come.
 *
 * observed: same
 * recording: handles.async.created=9
 */
#include "redis.h"

static int replies, gone;
static void (*end)(redisAsyncContext *);

static void note_gone(const redisAsyncContext *context, int status)
{
	(void)context;
	(void)status;
	gone++;
}

static void end_it(redisAsyncContext *context, void *reply, void *unused)
{
	(void)unused;
	if (!reply)
		return;
	replies++;
	end(context);
}

static void note_reply(redisAsyncContext *context, void *reply, void *unused)
{
	(void)context;
	(void)unused;
	replies += reply != NULL;
}

static redisAsyncContext *begin(const struct server *server, struct event_base *base)
{
	redisAsyncContext *context = connect_to(server, base);
	CHECK(redisAsyncSetDisconnectCallback(context, note_gone) == REDIS_OK);
	return context;
}

static void end_inside(const struct server *server, void (*how)(redisAsyncContext *))
{
	struct event_base *base = event_base_new();
	end = how;
	CHECK(redisAsyncCommand(begin(server, base), end_it, NULL, "PING") == REDIS_OK);
	event_base_dispatch(base);
	event_base_free(base);
}

static void disconnect_with_replies_to_come(const struct server *server)
{
	struct event_base *base = event_base_new();
	redisAsyncContext *context = begin(server, base);
	for (int i = 0; i < 3; i++)
		CHECK(redisAsyncCommand(context, note_reply, NULL, "PING") == REDIS_OK);
	redisAsyncDisconnect(context);
	event_base_dispatch(base);
	event_base_free(base);
}

int main(void)
{
	struct server server;
	start_server(&server);
	for (int i = 0; i < 3; i++) {
		end_inside(&server, redisAsyncFree);
		end_inside(&server, redisAsyncDisconnect);
		disconnect_with_replies_to_come(&server);
	}
	CHECK(replies == 15 && gone == 9);
	stop_server(&server);
	return 0;
}
