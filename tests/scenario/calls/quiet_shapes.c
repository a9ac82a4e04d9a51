/* The handle in every register and on the stack; arguments in registers of both kinds and on the stack, results in
 * every register there is for them; first calls (found slowly) and later ones (fast); also while ops pay for the fence,
 * in a thread that knows the handle and in one that does not. Nothing may be lost or changed, errno neither.
 *
 * run:
 * recording: handles.gate.freed=1 calls.gate_at0=6 calls.gate_at_mixed=6 calls.gate_precise=6 fence=membarrier
 * run: NO_MEMBARRIER=1
 * recording: handles.gate.freed=1 calls.gate_at0=6 calls.gate_at_mixed=6 calls.gate_precise=6 fence=full
 */
#include "scenario.h"

static void places(gate *g)
{
	CHECK(gate_at0(g, 2) == 2);
	CHECK(gate_at1(1, g, 3) == 4);
	CHECK(gate_at2(1, 2, g, 4) == 7);
	CHECK(gate_at3(1, 2, 3, g, 5) == 11);
	CHECK(gate_at4(1, 2, 3, 4, g, 6) == 16);
	CHECK(gate_at5(1, 2, 3, 4, 5, g, 1000, 100000) == 101015);
	CHECK(gate_at6(1, 2, 3, 4, 5, 6, g, 1000, 100000) == 101021);
}

static void shapes(gate *g)
{
	CHECK(gate_at_mixed(1, 2, 4, g, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768) == 65535);
	CHECK(gate_sum(g, 3, 1.0, 2.0, 4.0) == 7);
	CHECK(gate_sum(g, 10, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0) == 1023);
	CHECK(gate_precise(g, 1.5L) == 2.5L);
	struct gate_pair pair = gate_pair_of(g, 5);
	CHECK(pair.one == 5 && pair.other == -5);
	struct gate_triple triple = gate_triple_of(g, 5);
	CHECK(triple.one == 5 && triple.other == 10 && triple.third == 15);
}

static void results(gate *g)
{
	char buffer[4];
	size_t got = 0;
	uint32_t flags = 0;
	CHECK(gate_recv(g, buffer, sizeof buffer, &got, &flags) == 4 && got == 4 && flags == 1 && buffer[3] == 'g');
	CHECK(gate_send(g, buffer, 4) == 4);
	CHECK(strcmp(gate_name(g), "gate") == 0);
	CHECK(gate_ratio(g) == 0.25 && gate_scale(g) == 4.0F && gate_level(g) == 200);
	gate_reset(g);
}

static void all(void *g)
{
	for (int i = 0; i < 3; i++) {
		errno = ENOTTY;
		places(g);
		shapes(g);
		results(g);
		CHECK(errno == ENOTTY);
	}
}

int main(void)
{
	struct side other;
	if (getenv("NO_MEMBARRIER"))
		forbid_membarrier();
	errno = ENOTTY;
	gate *g = gate_open();
	CHECK(errno == ENOTTY);
	all(g);
	start(&other, "other", all, g);
	join(&other);
	errno = ENOTTY;
	gate_close(g);
	CHECK(errno == ENOTTY && gate_violations() == 0);
	return 0;
}
