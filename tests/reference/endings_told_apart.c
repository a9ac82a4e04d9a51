/* A7: drained, already freeing and timed out can be told apart, also after a time-out: a repeat is not another
 * time-out. Before: one stream is closed well, one twice, one against an op and then again. After: each once, at the
 * right time.
 *
 * run: VARIANT=before HANDLEGUARD_DEADLINE_MS=20 HANDLEGUARD_AFTER_DEADLINE=leak
 * finding: drain-timeout stream against; call stream_close in close_as;
 *     op stream_wait in wait_in_stream on waiter; create stream_open in main; drained; deadline 20
 * finding: repeat-free stream any x2; call stream_close in close_as; free stream_close in close_as;
 *     create stream_open in main
 * recording: handles.stream.freed=2 handles.stream.leaked=1
 * run: VARIANT=after HANDLEGUARD_DEADLINE_MS=20
 * recording: handles.stream.freed=3 handles.stream.leaked=0
 */
#include "stream.h"

static void close_as(stream *s, int outcome)
{
	STREAM_CLOSE(s, outcome);
}

static void before(stream *well, stream *twice, stream *against)
{
	struct side waiter;
	close_as(well, DRAINED);
	close_as(twice, DRAINED);
	close_as(twice, ALREADY_FREEING);
	park(&waiter, against);
	close_as(against, TIMED_OUT);
	close_as(against, ALREADY_FREEING);
	unpark(&waiter, against);
	CHECK(STREAM(frees)() == 2);
}

static void after(stream *well, stream *twice, stream *against)
{
	struct side waiter;
	close_as(well, DRAINED);
	close_as(twice, DRAINED);
	park(&waiter, against);
	unpark(&waiter, against);
	close_as(against, DRAINED);
	CHECK(STREAM(frees)() == 3);
}

int main(void)
{
	stream *well = STREAM(open)(), *twice = STREAM(open)(), *against = STREAM(open)();
	tell("against", against);
	(before_the_fix() ? before : after)(well, twice, against);
	CHECK(STREAM(violations)() == 0);
	return 0;
}
