/* A library that guards itself, and threads that have been in its ops before, which are entered in the library's own
 * code then: a free by another thread waits for them, and tells where they stand; on a handle of the thread's own, and
 * on one of another's.
 *
 * run: VARIANT=before
 * finding: late-free stream s; call stream_close in close_stream_of on closer; op stream_call in use on user;
 *     create stream_open in use_own on user; drained
 * recording: handles.stream.created=1 handles.stream.freed=1 calls.stream_call=3
 * run: VARIANT=after
 * finding: late-free stream s; call stream_close in close_stream_of on closer; op stream_call in use on user;
 *     create stream_open in use_mains; drained
 * recording: handles.stream.created=1 handles.stream.freed=1 calls.stream_call=3
 */
#include "stream.h"

static struct side closer;
static _Atomic bool left;

static void close_stream_of(void *s)
{
	STREAM_CLOSE(s, DRAINED);
	CHECK(left);
}

static void do_nothing(void *s)
{
	CHECK(s);
}

static void stay_till_awaited(void *s)
{
	start(&closer, "closer", close_stream_of, s);
	await_drain(&closer);
	left = true;
}

static void use(void *s)
{
	left = false;
	for (int i = 0; i < 2; i++)
		CHECK(STREAM(call)(s, do_nothing, s) == 4);
	CHECK(STREAM(call)(s, stay_till_awaited, s) == 4);
	join(&closer);
}

static void use_own(void *unused)
{
	(void)unused;
	stream *s = STREAM(open)();
	tell("s", s);
	use(s);
}

static void use_mains(struct side *user)
{
	stream *s = STREAM(open)();
	tell("s", s);
	start(user, "user", use, s);
}

int main(void)
{
	struct side user;
	if (before_the_fix())
		start(&user, "user", use_own, NULL);
	else
		use_mains(&user);
	join(&user);
	CHECK(STREAM(frees)() == 1 && STREAM(violations)() == 0);
	return 0;
}
