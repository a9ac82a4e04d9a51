/* A2: after a free began, entering fails and leaves the count at zero: the op never runs, nothing is in flight.
 * Before: a user goes on after the close, and while it drains. After: it asks first.
 *
 * run: VARIANT=before
 * finding: late-free stream s; call stream_close in close_stream on closer;
 *     op stream_wait in wait_in_stream on waiter; create stream_open in main; drained
 * finding: late-op stream s; call stream_touch in use_late; free stream_close in close_stream on closer;
 *     create stream_open in main
 * finding: late-op stream s; call stream_wake in main; free stream_close in close_stream on closer;
 *     create stream_open in main
 * recording: handles.stream.freed=1
 * run: VARIANT=after
 * recording: handles.stream.freed=1
 */
#include "stream.h"

static void use_late(stream *s)
{
	CHECK(STREAM(touch)(s) == -EPIPE);
}

int main(void)
{
	struct side waiter, closer;
	_Atomic bool open = true;
	stream *s = STREAM(open)();
	tell("s", s);
	park(&waiter, s);
	if (before_the_fix()) {
		start(&closer, "closer", close_stream, s);
		await_drain(&closer);
		use_late(s);
		unpark(&waiter, s);
		join(&closer);
		if (STREAM(wake)(s) != -EPIPE)
			fail(__FILE__, __LINE__, "rejected after the free, too");
	} else {
		unpark(&waiter, s);
		open = false;
		close_stream(s);
		if (open)
			use_late(s);
	}
	CHECK(STREAM(uses)() == 1 && STREAM(frees)() == 1 && STREAM(violations)() == 0);
	return 0;
}
