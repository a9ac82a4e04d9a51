/* A library that guards itself and hands the work of its frees over, in drain mode defer: the free returns while an op
 * is in flight, and the op does its work when it leaves; so too if the free is made from inside that op.
 *
 * run: HANDLEGUARD_DRAIN=defer
 * finding: late-free stream s; call embed_finish in finish; op embed_wait in wait_in_stream on waiter;
 *     create embed_open in main; deferred
 * finding: reentrant-free stream own; call embed_finish in finish; op embed_call in main; create embed_open in main; deferred
 * recording: drain=defer handles.stream.drain=defer handles.stream.freed=2 handles.stream.live=0
 */
#include "stream.h"

enum { DEFERRED = 3 };

static void finish(void *s)
{
	CHECK(embed_finish(s) == DEFERRED);
}

int main(void)
{
	struct side waiter;
	stream *s = embed_open(), *own = embed_open();
	tell("s", s);
	tell("own", own);
	park(&waiter, s);
	finish(s);
	CHECK(embed_frees() == 0);
	unpark(&waiter, s);
	CHECK(embed_frees() == 1);
	CHECK(embed_call(own, finish, own) == 4);
	CHECK(embed_frees() == 2 && embed_violations() == 0);
	return 0;
}
