/* A library that guards itself: a free from inside an op cannot be left to that op, so it times out at once and leaks;
 * a handle that lives on at exit; findings with the library's own functions as the calls.
 *
 * run: VARIANT=before
 * finding: reentrant-free stream s; call stream_close in close_inside; op stream_call in main; create stream_open in main
 * finding: leak stream kept; create stream_open in main
 * recording: handles.stream.created=2 handles.stream.leaked=1 handles.stream.live=1 calls.stream_call=1
 * run: VARIANT=after
 * recording: handles.stream.created=2 handles.stream.freed=2
 */
#include "stream.h"

static void close_inside(void *s)
{
	STREAM_CLOSE(s, TIMED_OUT);
}

static void do_nothing(void *s)
{
	CHECK(s);
}

int main(void)
{
	stream *s = STREAM(open)(), *kept = STREAM(open)();
	tell("s", s);
	tell("kept", kept);
	if (before_the_fix()) {
		CHECK(STREAM(call)(s, close_inside, s) == 4);
		CHECK(STREAM(frees)() == 0);
	} else {
		CHECK(STREAM(call)(s, do_nothing, s) == 4);
		close_stream(s);
		close_stream(kept);
		CHECK(STREAM(frees)() == 2);
	}
	CHECK(STREAM(violations)() == 0);
	return 0;
}
