/* C3: connections are scarce, 31 a process.
 * Before: a connection for each user of its own. The one with which none is left is reported, with all that there are;
 * the next connect fails. After the first shortage one is given back and asked for again: a second crossing.
 * After: all users share one.
 *
 * run: VARIANT=before
 * finding: exhausted line last x2; call gate_line_connect in mail_open<open_one; holders 31
 * recording: handles.line.created=32 handles.line.freed=1 handles.line.limit=31
 * run: VARIANT=after
 * recording: handles.line.created=1 handles.line.freed=1
 */
#include "client.h"
#include "stream.h"

static int open_one(int server)
{
	return mail_open(server);
}

static void crowd(void)
{
	int id = -1;
	for (int user = 0; user < GATE_LINES_MOST; user++)
		id = open_one(user);
	tell_number("last", (unsigned long)id);
	CHECK(open_one(GATE_LINES_MOST) == -1);
	CHECK(gate_line_disconnect(id) == 0);
	CHECK(open_one(GATE_LINES_MOST) == id);
	CHECK(gate_lines_live() == GATE_LINES_MOST);
}

static void share_one(void)
{
	for (int user = 0; user < GATE_LINES_MOST + 9; user++)
		CHECK(mail_send(mail_share(0)) == 1);
	for (int user = 0; user < GATE_LINES_MOST + 9; user++)
		mail_unshare();
	CHECK(gate_lines_live() == 0);
}

int main(void)
{
	if (before_the_fix())
		crowd();
	else
		share_one();
	CHECK(gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
