/* Each of what comes in an array or a struct has a life of its own: what is used after its end is told with where it
 * was made, and the others live on. One of an array that did not come, because the call failed, is none.
 *
 * finding: late-op end second; call gate_ends_touch in main; free gate_end_close in main; create gate_ends_open in main
 * finding: repeat-free end third; call gate_end_close in main; free gate_end_close in close_third;
 *     create gate_ends_open_some in main
 * finding: leak end first; create gate_ends_open in main
 * finding: leak end fourth; create gate_ends_open_in in main
 * recording: handles.end.created=4 handles.end.freed=2 handles.end.adopted=0
 */
#include "scenario.h"

static void close_third(int third)
{
	CHECK(gate_end_close(third) == 0);
}

int main(void)
{
	int ends[2];
	struct gate_end_in some[2], one;
	CHECK(gate_ends_open(ends) == 0 && gate_ends_open_some(2, some) == 0 && gate_ends_open_in(&one) == 0);
	tell_number("first", (unsigned long)ends[0]);
	tell_number("second", (unsigned long)ends[1]);
	tell_number("third", (unsigned long)some[0].end);
	tell_number("fourth", (unsigned long)one.end);
	CHECK(gate_end_close(ends[1]) == 0);
	CHECK(gate_ends_touch(ends) == -EPIPE && gate_end_touch(ends[0]) == 1);
	close_third(some[0].end);
	CHECK(gate_end_close(some[0].end) == -EPIPE);
	CHECK(gate_end_touch(one.end) == 1);
	CHECK(gate_violations() == 0);
	return 0;
}
