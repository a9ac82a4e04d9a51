/* A5: of two concurrent frees exactly one wins, over many rounds.
 * Before: both close. After: whoever takes the pointer closes.
 *
 * run: VARIANT=before
 * finding: repeat-free stream any x2000; call stream_close in race_to_close; free stream_close in race_to_close;
 *     create stream_open in open_next
 * recording: handles.stream.created=2000 handles.stream.freed=2000 calls.stream_close=4000
 * run: VARIANT=after
 * recording: handles.stream.created=2000 handles.stream.freed=2000
 */
#include "stream.h"

enum { ROUNDS = 2000 };

static pthread_barrier_t barrier;
static stream *_Atomic shared;

static void open_next(int round)
{
	CHECK(STREAM(frees)() == round);
	shared = STREAM(open)();
}

static void race_to_close(stream *s)
{
#ifdef EMBED
	(void)embed_close(s); /* either may win */
#else
	gate_close(s);
#endif
}

static void close_all(void *first)
{
	for (int round = 0; round < ROUNDS; round++) {
		if (first)
			open_next(round);
		pthread_barrier_wait(&barrier);
		race_to_close(before_the_fix() ? shared : atomic_exchange(&shared, NULL));
		pthread_barrier_wait(&barrier);
	}
}

int main(void)
{
	struct side one, other;
	CHECK(pthread_barrier_init(&barrier, NULL, 2) == 0);
	start(&one, "one", close_all, &one);
	start(&other, "other", close_all, NULL);
	join(&one);
	join(&other);
	CHECK(STREAM(frees)() == ROUNDS && STREAM(violations)() == 0);
	return 0;
}
