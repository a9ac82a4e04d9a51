/* C1: a client library counts its users in an atomic, and the last to close disconnects. The count is atomic, but the
 * disconnect is not part of it: between "I am the last" and the disconnect another thread connects, is given the same
 * id, and is cut off.
 * Before: so. After: the count and the connection are under one lock.
 *
 * run: VARIANT=before
 * finding: severed line id; call gate_line_disconnect in mail_close<give_up on last;
 *     holder gate_line_connect in mail_open<join_in on newcomer from libmail.so of id;
 *     create gate_line_connect in mail_open<open_it on last
 * finding: late-op line id x2; call gate_line_send in mail_send<use_it on newcomer;
 *     free gate_line_disconnect in mail_close<give_up on last; create gate_line_connect in mail_open<open_it on last
 * recording: handles.line.created=1 handles.line.freed=1 calls.gate_line_connect=2
 * run: VARIANT=before HANDLEGUARD_MODE=observe
 * finding: severed line id; call gate_line_disconnect in mail_close<give_up on last;
 *     holder gate_line_connect in mail_open<join_in on newcomer from libmail.so of id;
 *     create gate_line_connect in mail_open<open_it on last
 * finding: late-op line id x2; call gate_line_send in mail_send<use_it on newcomer;
 *     free gate_line_disconnect in mail_close<give_up on last; create gate_line_connect in mail_open<open_it on last
 * run: VARIANT=before HANDLEGUARD_MODE=abort
 * finding: severed line id; call gate_line_disconnect in mail_close<give_up on last;
 *     holder gate_line_connect in mail_open<join_in on newcomer from libmail.so of id;
 *     create gate_line_connect in mail_open<open_it on last
 * stderr: severed of a line
 * exit: SIGABRT
 * run: VARIANT=after
 * recording: handles.line.created=1 handles.line.freed=1 calls.gate_line_connect=1
 */
#include "client.h"
#include "stream.h"

enum { SERVER = 7 };

static sem_t is_last, has_joined;
static int id;

static void stand_still(void)
{
	sem_post(&is_last);
	sem_wait(&has_joined);
}

static void open_it(void)
{
	id = mail_open(SERVER);
	tell_number("id", (unsigned long)id);
	CHECK(mail_send(id) == 1);
}

static void give_up(void)
{
	mail_close(id);
}

static void be_the_last(void *unused)
{
	(void)unused;
	open_it();
	give_up();
}

static void join_in(void)
{
	CHECK(mail_open(SERVER) == id);
}

static void use_it(void)
{
	for (int i = 0; i < 2; i++)
		CHECK(mail_send(id) == -EBADF);
}

static void come_and_go(void *unused)
{
	(void)unused;
	int mine = mail_open(SERVER);
	mail_send(mine);
	mail_close(mine);
}

static void race(void)
{
	struct side last;
	mail_pause = stand_still;
	start(&last, "last", be_the_last, NULL);
	sem_wait(&is_last);
	join_in();
	sem_post(&has_joined);
	join(&last);
	use_it();
}

/* Nothing is paused, and nobody waits for anybody: the other one has left long before, as a rule. */
static void race_by_chance(void)
{
	for (int i = 0; i < 10; i++) {
		struct side other;
		start(&other, "other", come_and_go, NULL);
		usleep(2000);
		come_and_go(NULL);
		join(&other);
	}
}

static void newcomer(void *unused)
{
	(void)unused;
	if (gates_are_open())
		race_by_chance();
	else
		race();
}

static void share_it(void *unused)
{
	(void)unused;
	int mine = mail_share(SERVER);
	CHECK(mail_send(mine) == 1);
	mail_unshare();
}

int main(void)
{
	struct side one, other;
	sem_init(&is_last, 0, 0);
	sem_init(&has_joined, 0, 0);
	if (before_the_fix()) {
		start(&one, "newcomer", newcomer, NULL);
		join(&one);
		CHECK(gate_lines_live() == 0);
		return 0;
	}
	int mine = mail_share(SERVER);
	start(&one, "one", share_it, NULL);
	start(&other, "other", share_it, NULL);
	join(&one);
	join(&other);
	CHECK(mail_send(mine) == 1);
	mail_unshare();
	CHECK(gate_lines_live() == 0 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
