/* Handles that come in twos, in numbers and in structs, those among them that are none, and a number that the caller
 * has chosen: the class is closed, so that each that was not seen to be made would be told. Both of a pair are known
 * before the call that makes them returns.
 *
 * recording: handles.end.created=9 handles.end.freed=9 handles.end.adopted=0
 */
#include "scenario.h"

static int pair[2];

static void touch(void *nothing)
{
	(void)nothing;
	CHECK(gate_end_touch(pair[0]) == 1 && gate_end_touch(pair[1]) == 1);
}

static void let_others_know(const int ends[2])
{
	struct side other;
	pair[0] = ends[0];
	pair[1] = ends[1];
	touch(NULL);
	start(&other, "other", touch, NULL);
	join(&other);
}

static void close_pair(const int ends[2])
{
	CHECK(gate_ends_touch(ends) == 2);
	CHECK(gate_end_close(ends[0]) == 0 && gate_end_close(ends[1]) == 0);
}

int main(void)
{
	int ends[2];
	struct gate_end_in some[5], one;
	CHECK(gate_ends_open(ends) == 0);
	close_pair(ends);
	CHECK(gate_ends_open_with(ends, let_others_know) == 0);
	close_pair(ends);
	CHECK(gate_ends_open_some(5, some) == 0 && gate_ends_open_in(&one) == 0);
	for (int i = 0; i < 5; i += 2)
		CHECK(gate_end_touch(some[i].end) == 1 && gate_end_close(some[i].end) == 0);
	CHECK(gate_end_touch(one.end) == 1 && gate_end_close(one.end) == 0);
	CHECK(gate_end_take(7) == 0 && gate_end_touch(7) == 1 && gate_end_close(7) == 0);
	CHECK(gate_violations() == 0);
	return 0;
}
