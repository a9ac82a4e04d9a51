/* One stream's memory is used three times over, packed and unpacked; a begin that fails is ended all the same, and so
 * is the next; a stream is copied and its copy goes on when it has ended.
 *
 * recording: handles.deflater.created=5 handles.deflater.adopted=2 handles.deflater.freed=7
 * recording: handles.inflater.created=3 handles.inflater.freed=3
 */
#include <string.h>
#include <zlib.h>

#include "scenario.h"

static const char text[] = "the same memory, another stream";

static unsigned pack(z_stream *stream, Bytef *packed, unsigned size)
{
	*stream = (z_stream){.next_in = (Bytef *)text, .avail_in = sizeof text};
	CHECK(deflateInit(stream, 6) == Z_OK);
	stream->next_out = packed;
	stream->avail_out = size;
	CHECK(deflate(stream, Z_FINISH) == Z_STREAM_END && deflateEnd(stream) == Z_OK);
	return size - stream->avail_out;
}

static void unpack(z_stream *stream, Bytef *packed, unsigned size)
{
	char out[sizeof text];
	*stream = (z_stream){.next_in = packed, .avail_in = size};
	CHECK(inflateInit(stream) == Z_OK);
	stream->next_out = (Bytef *)out;
	stream->avail_out = sizeof out;
	CHECK(inflate(stream, Z_FINISH) == Z_STREAM_END && inflateEnd(stream) == Z_OK);
	CHECK(memcmp(out, text, sizeof text) == 0);
}

int main(void)
{
	z_stream stream, copy;
	Bytef packed[100];
	for (int i = 0; i < 3; i++)
		unpack(&stream, packed, pack(&stream, packed, sizeof packed));
	stream = (z_stream){.next_in = NULL};
	for (int i = 0; i < 2; i++)
		CHECK(deflateInit(&stream, 77) == Z_STREAM_ERROR && deflateEnd(&stream) == Z_STREAM_ERROR);
	CHECK(deflateInit2(&stream, 6, Z_DEFLATED, 15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	CHECK(deflateCopy(&copy, &stream) == Z_OK && deflateEnd(&stream) == Z_OK);
	CHECK(deflateReset(&copy) == Z_OK && deflateEnd(&copy) == Z_OK);
	return 0;
}
