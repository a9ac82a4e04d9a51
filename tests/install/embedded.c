/* A library's handles guarded with handleguard.h, built only from what is installed: a use and a free too many. */
#include <handleguard.h>
#include <stdlib.h>

struct stream {
	handleguard *guard;
	int *content; /* what the free tears down; the box itself stays */
};

static handleguard_class streams = {.name = "stream"};

static struct stream *stream_open(void)
{
	struct stream *stream = calloc(1, sizeof *stream);
	if (stream) {
		stream->content = calloc(1, sizeof *stream->content);
		stream->guard = HANDLEGUARD_CREATE(&streams, stream);
	}
	return stream;
}

static int stream_read(struct stream *stream)
{
	handleguard_op op;
	if (!HANDLEGUARD_ENTER(stream->guard, &op))
		return -1;
	int result = *stream->content;
	handleguard_leave(&op);
	return result;
}

static void stream_free(struct stream *stream)
{
	if (HANDLEGUARD_BEGIN_FREE(stream->guard) == HANDLEGUARD_DRAINED)
		free(stream->content);
}

int main(void)
{
	struct stream *stream = stream_open();
	if (!stream || stream_read(stream) != 0)
		return 1;
	stream_free(stream);
	if (stream_read(stream) != -1)
		return 2;
	stream_free(stream);
	free(stream);
	return 0;
}
