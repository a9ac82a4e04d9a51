/* A3: a free waits for an op in flight and is done only after it left.
 * Before: check, then use: the flag is read before the close, the op runs after it. After: the user holds a count
 * across.
 *
 * run: VARIANT=before
 * finding: late-free stream s; call stream_close in close_and_look on closer;
 *     op stream_wait in check_then_use on user; create stream_open in main; drained
 * recording: handles.stream.freed=1
 * run: VARIANT=after
 * recording: handles.stream.freed=1
 */
#include "stream.h"

static _Atomic bool closed, left;
static _Atomic int holders = 2; /* the closer, and the user from before it is started */

static void check_then_use(void *s)
{
	if (!closed)
		CHECK(STREAM(wait)(s) == 2);
}

static void close_and_look(void *s)
{
	closed = true;
	STREAM_CLOSE(s, DRAINED);
	CHECK(left);
}

static void drop(stream *s)
{
	if (--holders == 0)
		close_stream(s);
}

static void hold_and_use(void *s)
{
	if (!closed)
		CHECK(STREAM(wait)(s) == 2);
	drop(s);
}

int main(void)
{
	struct side user, closer;
	bool before = before_the_fix();
	stream *s = STREAM(open)();
	tell("s", s);
	start(&user, "user", before ? check_then_use : hold_and_use, s);
	STREAM(await_parked)(s, 1);
	if (before) {
		start(&closer, "closer", close_and_look, s);
		await_drain(&closer);
		CHECK(STREAM(frees)() == 0);
		left = true;
		STREAM(let_go)(s);
		join(&closer);
	} else {
		closed = true;
		drop(s);
		CHECK(STREAM(frees)() == 0);
		STREAM(let_go)(s);
	}
	join(&user);
	CHECK(STREAM(frees)() == 1 && STREAM(violations)() == 0);
	return 0;
}
