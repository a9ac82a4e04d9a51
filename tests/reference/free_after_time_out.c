/* A8: a free after a timed-out one loses, also when the op has left since.
 * Before: the closer tries again once the op has left. After: it waits for the op to leave, and closes once.
 *
 * run: VARIANT=before HANDLEGUARD_DEADLINE_MS=20 HANDLEGUARD_AFTER_DEADLINE=leak
 * finding: drain-timeout stream s; call stream_close in close_too_early;
 *     op stream_wait in wait_in_stream on waiter; create stream_open in main; drained; deadline 20
 * finding: repeat-free stream s; call stream_close in close_again; free stream_close in close_too_early;
 *     create stream_open in main
 * recording: handles.stream.freed=0 handles.stream.leaked=1
 * run: VARIANT=after HANDLEGUARD_DEADLINE_MS=20
 * recording: handles.stream.freed=1 handles.stream.leaked=0
 */
#include "stream.h"

int main(void)
{
	struct side waiter;
	stream *s = STREAM(open)();
	tell("s", s);
	park(&waiter, s);
	if (before_the_fix()) {
		close_too_early(s);
		unpark(&waiter, s);
		close_again(s);
		CHECK(STREAM(frees)() == 0);
	} else {
		unpark(&waiter, s);
		close_stream(s);
		CHECK(STREAM(frees)() == 1);
	}
	CHECK(STREAM(violations)() == 0);
	return 0;
}
