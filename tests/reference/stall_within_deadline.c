/* A9: the default deadline is 5 s, above any normal op, so a transient stall does not leak.
 * Before: the close meets a stalled op. After: it comes when the op has left.
 *
 * run: VARIANT=before
 * finding: late-free stream s; call stream_close in close_stream on closer;
 *     op stream_wait in wait_in_stream on waiter; create stream_open in main; drained; deadline 5000
 * recording: deadline_ns=5000000000 handles.stream.deadline_ns=5000000000 handles.stream.freed=1 handles.stream.leaked=0
 * run: VARIANT=after
 * recording: deadline_ns=5000000000 handles.stream.deadline_ns=5000000000 handles.stream.freed=1 handles.stream.leaked=0
 */
#include "stream.h"

int main(void)
{
	struct side waiter, closer;
	bool before = before_the_fix();
	stream *s = STREAM(open)();
	tell("s", s);
	park(&waiter, s);
	if (!before)
		unpark(&waiter, s);
	start(&closer, "closer", close_stream, s);
	if (before) {
		await_drain(&closer);
		unpark(&waiter, s);
	}
	join(&closer);
	CHECK(STREAM(frees)() == 1 && STREAM(violations)() == 0);
	return 0;
}
