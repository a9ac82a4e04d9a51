/* Usage: world_libnghttp2 quiet|race
 * Both sides of a connection, whose bytes go from one to the other in memory. `quiet` sends requests and responses, and
 * packs headers, on several threads, each with sessions of its own. `race` frees a session while another thread is in a
 * callback of it, uses it and a stream of it afterwards, and frees one inside of a callback. */
#include <nghttp2/nghttp2.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "quiet.h"

#define HEADER(name, value)                                                                                            \
	{                                                                                                              \
		(uint8_t *)(name), (uint8_t *)(value), sizeof(name) - 1, sizeof(value) - 1, NGHTTP2_NV_FLAG_NONE       \
	}

static nghttp2_nv request[] = {HEADER(":method", "GET"), HEADER(":scheme", "http"), HEADER(":path", "/"),
                               HEADER(":authority", "there")};
static nghttp2_nv response[] = {HEADER(":status", "200")};

static nghttp2_session *session_with(bool is_server, nghttp2_on_frame_recv_callback received, void *data)
{
	nghttp2_session *session;
	nghttp2_session_callbacks *callbacks;

	MUST(nghttp2_session_callbacks_new(&callbacks) == 0);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, received);
	MUST((is_server ? nghttp2_session_server_new : nghttp2_session_client_new)(&session, callbacks, data) == 0);
	nghttp2_session_callbacks_del(callbacks);
	MUST(nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, NULL, 0) == 0);
	return session;
}

/* Whether there was something to send. */
static bool pass_on(nghttp2_session *from, nghttp2_session *to)
{
	const uint8_t *bytes;
	ssize_t count = nghttp2_session_mem_send(from, &bytes);

	MUST(count >= 0);
	if (count > 0)
		MUST(nghttp2_session_mem_recv(to, bytes, (size_t)count) == count);
	return count > 0;
}

/* ---- What is allowed ---- */

static int answer(nghttp2_session *session, const nghttp2_frame *frame, void *unused)
{
	MUST(!unused);
	if (frame->hd.type == NGHTTP2_HEADERS)
		MUST(nghttp2_submit_response(session, frame->hd.stream_id, response, 1, NULL) == 0);
	return 0;
}

static int count_answer(nghttp2_session *session, const nghttp2_frame *frame, void *count)
{
	*(int *)count += frame->hd.type == NGHTTP2_HEADERS;
	MUST(nghttp2_session_check_server_session(session) == 0);
	return 0;
}

static void ask(void)
{
	int count = 0;
	nghttp2_session *client = session_with(false, count_answer, &count), *server = session_with(true, answer, NULL);

	for (int i = 0; i < 3; i++) {
		int32_t stream = nghttp2_submit_request(client, NULL, request, 4, NULL, NULL);
		MUST(stream > 0);
		while (pass_on(client, server) || pass_on(server, client))
			continue;
		MUST(nghttp2_session_find_stream(client, 0) == nghttp2_session_get_root_stream(client));
	}
	MUST(count == 3 && nghttp2_session_want_read(client));
	MUST(nghttp2_session_terminate_session(client, NGHTTP2_NO_ERROR) == 0);
	while (pass_on(client, server) || pass_on(server, client))
		continue;
	MUST(!nghttp2_session_want_write(client));
	nghttp2_session_del(client);
	nghttp2_session_del(server);
}

static void pack_headers(void)
{
	uint8_t bytes[256];
	nghttp2_hd_deflater *deflater;
	nghttp2_hd_inflater *inflater;
	nghttp2_nv header;
	int flags = 0;

	MUST(nghttp2_hd_deflate_new(&deflater, 4096) == 0 && nghttp2_hd_inflate_new(&inflater) == 0);
	ssize_t count = nghttp2_hd_deflate_hd(deflater, bytes, sizeof(bytes), response, 1);
	MUST(count > 0 && nghttp2_hd_inflate_hd2(inflater, &header, &flags, bytes, (size_t)count, 1) == count);
	MUST((flags & NGHTTP2_HD_INFLATE_EMIT) && header.namelen == 7);
	MUST(nghttp2_hd_inflate_end_headers(inflater) == 0);
	nghttp2_hd_deflate_del(deflater);
	nghttp2_hd_inflate_del(inflater);
}

static void *use_sessions(void *unused)
{
	for (int i = 0; i < 50; i++) {
		ask();
		pack_headers();
	}
	return unused;
}

static void quiet(void)
{
	pthread_t threads[] = {start(use_sessions, NULL), start(use_sessions, NULL)};

	join(threads[0]);
	join(threads[1]);
	nghttp2_session_del(NULL);
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;

static int wait_inside(nghttp2_session *session, const nghttp2_frame *frame, void *unused)
{
	MUST(session && frame && !unused);
	sem_post(&is_inside);
	sem_wait(&may_go_on);
	return 0;
}

static int free_inside(nghttp2_session *session, const nghttp2_frame *frame, void *unused)
{
	MUST(frame && !unused);
	nghttp2_session_del(session);
	return 0;
}

/* A server is sent what a client begins with. */
static void *receive(void *server)
{
	const uint8_t *bytes;
	nghttp2_session *client = session_with(false, NULL, NULL);

	for (ssize_t count; (count = nghttp2_session_mem_send(client, &bytes)) > 0;)
		nghttp2_session_mem_recv(server, bytes, (size_t)count);
	nghttp2_session_del(client);
	return NULL;
}

static void race(void)
{
	nghttp2_session *session = session_with(true, wait_inside, NULL);
	nghttp2_stream *stream = nghttp2_session_get_root_stream(session);

	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	pthread_t thread = start(receive, session);
	sem_wait(&is_inside);
	MUST(nghttp2_session_want_read(session)); /* two threads in one session */
	nghttp2_session_del(session);             /* gives up at the deadline */
	MUST(!nghttp2_session_want_write(session));
	sem_post(&may_go_on);
	join(thread);
	MUST(nghttp2_stream_get_weight(stream) == 0);
	nghttp2_session_del(session);
	receive(session_with(true, free_inside, NULL));
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
