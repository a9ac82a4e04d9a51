/* C5: ids are small integers, and are used again after a disconnect.
 * Before: a user keeps an id beyond its disconnect. What it does with it before the id is handed out again is told of
 * the first generation; after that the id is somebody else's, a new generation, which is disconnected twice.
 * After: each user forgets the id with its disconnect; the same number is a hundred generations.
 *
 * run: VARIANT=before
 * finding: late-op line id g1; call gate_line_send in use_late; free gate_line_disconnect in leave;
 *     create gate_line_connect in join_in
 * finding: repeat-free line id g2; call gate_line_disconnect in leave_again; free gate_line_disconnect in leave;
 *     create gate_line_connect in join_in
 * recording: handles.line.created=2 handles.line.freed=2
 * run: VARIANT=after
 * recording: handles.line.created=100 handles.line.freed=100
 */
#include "client.h"
#include "stream.h"

static int join_in(int server)
{
	return gate_line_connect(server);
}

static void leave(int id)
{
	CHECK(gate_line_send(id) == 1);
	CHECK(gate_line_disconnect(id) == 0);
}

static void use_late(int id)
{
	CHECK(gate_line_send(id) == -EBADF);
}

static void leave_again(int id)
{
	CHECK(gate_line_disconnect(id) == -EBADF);
}

int main(void)
{
	int rounds = before_the_fix() ? 2 : 100;
	for (int round = 0; round < rounds; round++) {
		int id = join_in(round);
		CHECK(id == 0);
		leave(id);
		if (rounds == 2 && round == 0) {
			tell_number("id", (unsigned long)id);
			use_late(id);
		}
	}
	if (rounds == 2)
		leave_again(0);
	CHECK(gate_lines_live() == 0 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
