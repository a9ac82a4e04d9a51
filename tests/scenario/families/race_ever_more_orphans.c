/* Whenever the free of a house has looked who is in flight, somebody has entered one more room of it. It does not look
 * without end: calls on the last room do not wake it, and it says so.
 *
 * run: HANDLEGUARD_MODE=observe
 * finding: late-free house house; call gate_house_close in close_held on closer; create gate_house_open in main;
 *     op gate_room_wait in use on user; op gate_room_wait in use on user; op gate_room_wait in use on user;
 *     op gate_room_wait in use on user; op gate_room_wait in use on user; op gate_room_wait in use on user;
 *     op gate_room_wait in use on user; op gate_room_wait in use on user
 * finding: orphan house house; call gate_house_close in close_held on closer; create gate_house_open in main;
 *     alive gate_room_open in main; alive gate_room_open in main; alive gate_room_open in main;
 *     alive gate_room_open in main; alive gate_room_open in main; alive gate_room_open in main;
 *     alive gate_room_open in main; alive gate_room_open in main
 * finding: orphan room any x8; call gate_room_wait in use on user; free gate_house_close in close_held on closer;
 *     create gate_room_open in main
 * finding: orphan room any x8; call gate_room_close in main; free gate_house_close in close_held on closer;
 *     create gate_room_open in main
 * recording: counters.rounds-cut=1
 */
#include <sys/syscall.h>

#include "held_call.h"
#include "scenario.h"

enum { ROUNDS = 8 };

static int calls;
static sem_t ready;
static struct side users[ROUNDS];
static gate_room *rooms[ROUNDS];

static void close_held(void *house)
{
	calls = hold_calls(SYS_membarrier, -1);
	sem_post(&ready);
	gate_house_close(house);
}

static void use(void *room)
{
	CHECK(gate_room_wait(room) == 2);
}

int main(void)
{
	struct side closer;
	gate_house *house = gate_house_open();
	tell("house", house);
	for (int i = 0; i < ROUNDS; i++)
		rooms[i] = gate_room_open(house);
	sem_init(&ready, 0, 0);
	start(&closer, "closer", close_held, house);
	sem_wait(&ready);
	/* One fence before the first look, and one after each that has met somebody new. */
	for (int i = 0; i <= ROUNDS; i++) {
		uint64_t held = await_held(calls);
		if (i < ROUNDS) {
			start(&users[i], "user", use, rooms[i]);
			gate_room_await_parked(rooms[i]);
		}
		let_held_go(calls, held);
	}
	hold_no_more(calls);
	join(&closer);
	for (int i = 0; i < ROUNDS; i++) {
		gate_room_let_go(rooms[i]);
		join(&users[i]);
		gate_room_close(rooms[i]);
	}
	return 0;
}
