/* A6: a second, later free loses.
 * Before: the closer keeps the pointer. After: it forgets it.
 *
 * run: VARIANT=before
 * finding: repeat-free stream s; call stream_close in close_again on closer; free stream_close in close_stream;
 *     create stream_open in main
 * recording: handles.stream.freed=1 calls.stream_close=2
 * run: VARIANT=after
 * recording: handles.stream.freed=1
 */
#include "stream.h"

int main(void)
{
	struct side closer;
	stream *s = STREAM(open)();
	tell("s", s);
	CHECK(STREAM(touch)(s) == 1);
	close_stream(s);
	if (before_the_fix()) {
		start(&closer, "closer", close_again, s);
		join(&closer);
	} else {
		s = NULL;
		close_stream(s);
	}
	CHECK(STREAM(frees)() == 1 && STREAM(violations)() == 0);
	return 0;
}
