/* A stream is packed with after its end and ended once more; one is begun anew without an end, and never ended; one is
 * ended by another thread in the middle of a call that asks for memory.
 *
 * finding: late-op deflater a; call deflate in pack; free deflateEnd in end; create deflateInit_ in begin
 * finding: repeat-free deflater a; call deflateEnd in main; free deflateEnd in end; create deflateInit_ in begin
 * finding: late-free deflater c; call deflateEnd in end on ender; op deflateCopy in copy on copier;
 *     create deflateInit_ in begin; drained
 * finding: reborn deflater b g2; call deflateInit_ in begin; create deflateInit_ in begin
 * finding: leak deflater b g2; create deflateInit_ in begin
 * recording: handles.deflater.created=5 handles.deflater.freed=4 handles.deflater.adopted=0
 */
#include <zlib.h>

#include "scenario.h"

static z_stream a, b, c, copied;
static sem_t inside, go_on;
static bool stands;

/* Stands still where it is told to. */
static void *allocate(void *nothing, unsigned count, unsigned size)
{
	(void)nothing;
	if (stands) {
		stands = false;
		sem_post(&inside);
		sem_wait(&go_on);
	}
	return calloc(count, size);
}

static void give_back(void *nothing, void *memory)
{
	(void)nothing;
	free(memory);
}

static void begin(z_stream *stream)
{
	*stream = (z_stream){.zalloc = allocate, .zfree = give_back};
	CHECK(deflateInit(stream, 6) == Z_OK);
}

static void end(void *stream)
{
	CHECK(deflateEnd(stream) == Z_OK);
}

static int pack(z_stream *stream)
{
	return deflate(stream, Z_FINISH);
}

static void copy(void *stream)
{
	CHECK(deflateCopy(&copied, stream) == Z_OK);
	end(&copied);
}

static void race(void)
{
	struct side copier, ender;
	begin(&c);
	stands = true;
	start(&copier, "copier", copy, &c);
	sem_wait(&inside);
	start(&ender, "ender", end, &c);
	await_drain(&ender);
	sem_post(&go_on);
	join(&copier);
	join(&ender);
}

int main(void)
{
	tell("a", &a);
	tell("b", &b);
	tell("c", &c);
	begin(&a);
	end(&a);
	CHECK(pack(&a) == Z_STREAM_ERROR && deflateEnd(&a) == Z_STREAM_ERROR);
	begin(&b);
	begin(&b);
	CHECK(sem_init(&inside, 0, 0) == 0 && sem_init(&go_on, 0, 0) == 0);
	race();
	return 0;
}
