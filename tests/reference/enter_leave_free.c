/* A1: entering a fresh guard succeeds, leaving brings the count back, and a free then drains at once.
 * Before: the closer does not know that the op has not left yet. After: it does.
 *
 * run: VARIANT=before
 * finding: late-free stream s; call stream_close in close_stream on closer;
 *     op stream_wait in wait_in_stream on waiter; create stream_open in main; drained
 * recording: handles.stream.freed=1 calls.stream_touch=2
 * run: VARIANT=after
 * recording: handles.stream.freed=1 calls.stream_touch=2
 */
#include "stream.h"

int main(void)
{
	struct side waiter, closer;
	stream *s = STREAM(open)();
	tell("s", s);
	CHECK(STREAM(touch)(s) == 1 && STREAM(touch)(s) == 1);
	park(&waiter, s);
	if (before_the_fix()) {
		start(&closer, "closer", close_stream, s);
		await_drain(&closer);
		unpark(&waiter, s);
	} else {
		unpark(&waiter, s);
		start(&closer, "closer", close_stream, s);
	}
	join(&closer);
	CHECK(STREAM(frees)() == 1 && STREAM(violations)() == 0);
	return 0;
}
