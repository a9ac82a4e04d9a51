/* A4: a free whose op outlasts the deadline times out: the guard stays closed, ops still fail, the inner is leaked.
 * Before: nobody wakes the op. After: it is woken first, and has left.
 *
 * run: VARIANT=before HANDLEGUARD_DEADLINE_MS=20 HANDLEGUARD_AFTER_DEADLINE=leak
 * finding: drain-timeout stream s; call stream_close in close_too_early;
 *     op stream_wait in wait_in_stream on waiter; create stream_open in main; drained; deadline 20
 * finding: late-op stream s x2; call stream_touch in use_late; free stream_close in close_too_early;
 *     create stream_open in main
 * recording: handles.stream.freed=0 handles.stream.leaked=1
 * run: VARIANT=after HANDLEGUARD_DEADLINE_MS=20
 * recording: handles.stream.freed=1 handles.stream.leaked=0
 */
#include "stream.h"

static void use_late(stream *s)
{
	CHECK(STREAM(touch)(s) == -EPIPE);
}

static void before(stream *s)
{
	struct side waiter;
	park(&waiter, s);
	close_too_early(s);
	use_late(s);
	unpark(&waiter, s);
	use_late(s);
	CHECK(STREAM(frees)() == 0);
}

static void after(stream *s)
{
	struct side waiter;
	park(&waiter, s);
	CHECK(STREAM(wake)(s) == 3);
	join(&waiter);
	close_stream(s);
	CHECK(STREAM(frees)() == 1);
}

int main(void)
{
	stream *s = STREAM(open)();
	tell("s", s);
	if (before_the_fix())
		before(s);
	else
		after(s);
	CHECK(STREAM(violations)() == 0);
	return 0;
}
