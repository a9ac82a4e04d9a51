/* Usage: world_zlib quiet|race
 * `quiet` deflates and inflates with streams on its stack, one of them twice, and writes and reads a file of gzip.
 * `race` ends a stream while inflateBack, on another thread, waits in its callback for input; then uses it, and closes
 * a file twice. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "quiet.h"

static unsigned char plain[1000], packed[1000], again[1000];

static uInt pack(void)
{
	z_stream stream = {
	    .next_in = plain, .avail_in = sizeof(plain), .next_out = packed, .avail_out = sizeof(packed)};

	MUST(deflateInit2(&stream, 9, Z_DEFLATED, 15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	MUST(deflate(&stream, Z_FINISH) == Z_STREAM_END && deflateEnd(&stream) == Z_OK);
	return (uInt)stream.total_out;
}

static void unpack(z_stream *stream, uInt size)
{
	*stream = (z_stream){.next_in = packed, .avail_in = size, .next_out = again, .avail_out = sizeof(again)};
	MUST(inflateInit(stream) == Z_OK && inflate(stream, Z_FINISH) == Z_STREAM_END && inflateEnd(stream) == Z_OK);
	MUST(memcmp(again, plain, sizeof(plain)) == 0);
}

static gzFile temporary_file(char *path, const char *mode)
{
	int fd = mkstemp(path);

	MUST(fd >= 0);
	return gzdopen(fd, mode);
}

static void quiet(void)
{
	char path[] = "/tmp/handleguard-zlib-XXXXXX";
	z_stream stream, cut = {0};

	unpack(&stream, pack());
	unpack(&stream, pack());
	/* freed prematurely, which is an error, and freed all the same */
	MUST(deflateInit(&cut, 9) == Z_OK);
	cut.next_in = plain, cut.avail_in = 10, cut.next_out = packed, cut.avail_out = 1;
	MUST(deflate(&cut, Z_NO_FLUSH) == Z_OK && deflateEnd(&cut) == Z_DATA_ERROR);
	gzFile file = temporary_file(path, "w");
	MUST(gzprintf(file, "%d %d %d %d %d %d", 1, 2, 3, 4, 5, 6) == 11 && gzclose(file) == Z_OK);
	file = gzopen(path, "r");
	MUST(gzread(file, again, sizeof(again)) == 11 && memcmp(again, "1 2 3 4 5 6", 11) == 0 &&
	     gzclose_r(file) == Z_OK);
	unlink(path);
}

static sem_t waits, may_go;

static unsigned no_input(void *context, z_const unsigned char **bytes)
{
	(void)context;
	(void)bytes;
	sem_post(&waits);
	sem_wait(&may_go);
	return 0;
}

static int take_output(void *context, unsigned char *bytes, unsigned size)
{
	(void)context;
	(void)bytes;
	return size != 0;
}

static void *inflate_back(void *stream)
{
	MUST(inflateBack(stream, no_input, NULL, take_output, NULL) == Z_BUF_ERROR);
	return NULL;
}

static void race(void)
{
	static unsigned char window[1 << 15];
	char path[] = "/tmp/handleguard-zlib-XXXXXX";
	z_stream stream = {0};

	MUST(inflateBackInit(&stream, 15, window) == Z_OK);
	pthread_t thread = start(inflate_back, &stream);
	sem_wait(&waits);
	MUST(inflateBackEnd(&stream) == Z_STREAM_ERROR); /* gives up at the deadline, as the op waits for input */
	sem_post(&may_go);
	join(thread);
	MUST(inflateBack(&stream, no_input, NULL, take_output, NULL) == Z_STREAM_ERROR);
	gzFile file = temporary_file(path, "w");
	unlink(path);
	MUST(gzclose(file) == Z_OK && gzclose(file) == Z_STREAM_ERROR);
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && sem_init(&waits, 0, 0) == 0 && sem_init(&may_go, 0, 0) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
