/* C4: the fix of shared connections. Before: each user connects and disconnects for itself, and the first to be done
 * cuts the others off; the disconnect of all but the last is withheld. After: one long-lived connection behind a
 * shared, counted owner, used by many threads; and a well-known server that is never disconnected.
 *
 * run: VARIANT=before
 * finding: severed wire id x2; call gate_wire_disconnect in leave<stay_for_a_while on first;
 *     holder gate_wire_connect in join_in of id; holder gate_wire_connect in join_in on second of id;
 *     create gate_wire_connect in join_in; withheld
 * recording: handles.wire.created=1 handles.wire.freed=1 handles.wire.live=0 calls.gate_wire_disconnect=3
 * run: VARIANT=after
 * recording: handles.line.created=2 handles.line.freed=1
 */
#include "client.h"
#include "stream.h"

enum { SERVER = 7, WELL_KNOWN = 8, ROUNDS = 200 };

static int id;
static sem_t joined, first_may_leave, second_may_leave;

static void join_in(void)
{
	id = gate_wire_connect(SERVER);
}

static void leave(void)
{
	CHECK(gate_wire_send(id) == 1);
	CHECK(gate_wire_disconnect(id) == 0);
}

static void stay_for_a_while(void *may_leave)
{
	join_in();
	sem_post(&joined);
	await_post(may_leave);
	leave();
}

static void each_for_itself(void)
{
	struct side first, second;
	join_in();
	tell_number("id", (unsigned long)id);
	start(&first, "first", stay_for_a_while, &first_may_leave);
	await_post(&joined);
	start(&second, "second", stay_for_a_while, &second_may_leave);
	await_post(&joined);
	sem_post(&first_may_leave);
	join(&first);
	leave();
	CHECK(gate_lines_live() == 1);
	sem_post(&second_may_leave);
	join(&second);
	CHECK(gate_lines_live() == 0);
}

static void use_the_owner(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(mail_send(mail_share(SERVER)) == 1);
		CHECK(clock_send(clock_open(WELL_KNOWN)) == 1);
		mail_unshare();
	}
}

static void share(void)
{
	struct side one, other;
	int mine = mail_share(SERVER);
	start(&one, "one", use_the_owner, NULL);
	start(&other, "other", use_the_owner, NULL);
	join(&one);
	join(&other);
	CHECK(mail_send(mine) == 1);
	mail_unshare();
	CHECK(gate_lines_live() == 1);
}

int main(void)
{
	sem_init(&joined, 0, 0);
	sem_init(&first_may_leave, 0, 0);
	sem_init(&second_may_leave, 0, 0);
	if (before_the_fix())
		each_for_itself();
	else
		share();
	CHECK(gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
