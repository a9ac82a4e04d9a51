/* C2: another library of the process holds a connection to the same server, which the first one's count never saw.
 * Before: the first one's last user disconnects, and cuts the other library off. In guard mode the disconnect is
 * withheld until the other library has disconnected too. After: a well-known server is never disconnected.
 *
 * run: VARIANT=before
 * finding: severed line id; call gate_line_disconnect in mail_close<close_mail;
 *     holder gate_line_connect in clock_open<open_clock from libclock.so of id;
 *     create gate_line_connect in mail_open<main; withheld
 * recording: handles.line.created=1 handles.line.freed=1 calls.gate_line_disconnect=2
 * run: VARIANT=before HANDLEGUARD_MODE=observe
 * finding: severed line id; call gate_line_disconnect in mail_close<close_mail;
 *     holder gate_line_connect in clock_open<open_clock from libclock.so of id;
 *     create gate_line_connect in mail_open<main
 * finding: late-op line id; call gate_line_send in clock_send<use_clock;
 *     free gate_line_disconnect in mail_close<close_mail; create gate_line_connect in mail_open<main
 * finding: repeat-free line id; call gate_line_disconnect in clock_close<close_clock;
 *     free gate_line_disconnect in mail_close<close_mail; create gate_line_connect in mail_open<main
 * recording: handles.line.created=1 handles.line.freed=1
 * run: VARIANT=before HANDLEGUARD_MODE=abort
 * finding: severed line id; call gate_line_disconnect in mail_close<close_mail;
 *     holder gate_line_connect in clock_open<open_clock from libclock.so of id;
 *     create gate_line_connect in mail_open<main
 * stderr: severed of a line
 * exit: SIGABRT
 * run: VARIANT=after
 * recording: handles.line.created=1 handles.line.freed=0
 * run: VARIANT=after HANDLEGUARD_MODE=abort
 * recording: handles.line.created=1 handles.line.freed=0
 */
#include "client.h"
#include "stream.h"

enum { SERVER = 7 };

static int open_clock(void)
{
	return clock_open(SERVER);
}

static void close_mail(int id)
{
	mail_close(id);
}

static bool use_clock(int id)
{
	return clock_send(id) == 1;
}

static void close_clock(int id)
{
	clock_close(id);
}

int main(void)
{
	const char *mode = getenv("HANDLEGUARD_MODE");
	bool observing = mode && strcmp(mode, "observe") == 0, before = before_the_fix();
	int id = mail_open(SERVER);
	tell_number("id", (unsigned long)id);
	CHECK(open_clock() == id && mail_send(id) == 1);
	if (before)
		close_mail(id);
	CHECK(use_clock(id) == !observing);
	if (before)
		close_clock(id);
	CHECK(gate_lines_live() == !before && gate_lines_cut() == observing);
	return 0;
}
