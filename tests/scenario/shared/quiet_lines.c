/* Connections as they are meant to be shared: each connect has its disconnect, in any order of threads, and the last
 * one frees the id; one that fails changes nothing; a client library that counts its users itself disconnects once for
 * all.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.wire.created=101 handles.wire.freed=101 handles.line.created=1 handles.line.freed=1
 *     handles.cable.created=1 handles.cable.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.wire.created=101 handles.wire.freed=101 handles.line.created=1 handles.line.freed=1
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.wire.created=101 handles.wire.freed=101 handles.line.created=1 handles.line.freed=1
 */
#include "scenario.h"

enum { ROUNDS = 100, USERS = 5 };

static int id;

static void connect_too(void *unused)
{
	(void)unused;
	CHECK(gate_line_connect(2) == id && gate_line_send(id) == 1);
}

static void take_turns(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(gate_wire_connect(i) == 0);
		CHECK(gate_wire_send(0) == 1 && gate_wire_disconnect(0) == 0);
	}
}

static void fail_first(void)
{
	id = gate_wire_connect(1);
	gate_lines_set_busy(true);
	CHECK(gate_wire_disconnect(id) == -EBUSY);
	gate_lines_set_busy(false);
	CHECK(gate_wire_send(id) == 1 && gate_wire_disconnect(id) == 0);
}

/* Whose threads are gone by then. */
static void count_by_itself(void)
{
	struct side users[USERS];
	id = gate_line_connect(2);
	for (int i = 0; i < USERS; i++)
		start(&users[i], "user", connect_too, NULL);
	for (int i = 0; i < USERS; i++)
		join(&users[i]);
	CHECK(gate_line_disconnect(id) == 0);
}

static void disconnect_it(void *unused)
{
	(void)unused;
	CHECK(gate_cable_disconnect(id) == 0);
}

/* The last claim may be given to another thread. */
static void hand_over(void)
{
	struct side heir;
	id = gate_cable_connect(3);
	start(&heir, "heir", disconnect_it, NULL);
	join(&heir);
}

int main(void)
{
	take_turns();
	fail_first();
	count_by_itself();
	hand_over();
	CHECK(gate_lines_live() == 0 && gate_lines_cut() == 0 && gate_violations() == 0);
	return 0;
}
