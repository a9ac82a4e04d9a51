/* What a manifest says of turned-away calls changes nothing about the others: structs come back whole, arrays filled,
 * and a count of any size is only handed on.
 *
 * recording: handles.gate.freed=8 counters.zero-cut=0
 */
#include "scenario.h"

static void structs(gate *g)
{
	struct gate_pair pair = gate_pair_of(g, 5);
	CHECK(pair.one == 5 && pair.other == -5);
	struct gate_triple triple = gate_triple_of(g, 5);
	CHECK(triple.one == 5 && triple.other == 10 && triple.third == 15);
	struct gate_span span = gate_span_of(g);
	CHECK(span.from == 1.5 && span.to == 2.5);
	struct gate_mix mix = gate_mix_of(g);
	CHECK(mix.number == 7 && mix.share == 0.5);
	struct gate_quad quad = gate_quad_of(g);
	CHECK(quad.a == 1 && quad.b == 2 && quad.c == 3 && quad.d == 4);
}

static void lists(gate *g)
{
	uint64_t array[2] = {1, 2};
	CHECK(gate_list(g, array, 0) == 0 && array[0] == 1);
	CHECK(gate_list(g, array, 1) == 1 && array[0] != 0 && array[0] != 1 && array[1] == 2);
}

static void frees(void)
{
	gate *g;
	uint32_t left = 0;
	CHECK(gate_end_count(gate_open()) == 1);
	g = gate_open();
	CHECK(gate_end_pointer(g) == g);
	CHECK(gate_end_ratio(gate_open()) == 0.25);
	CHECK(gate_end_scale(gate_open()) == 4.0F);
	CHECK(gate_end_level(gate_open(), &left) == 200 && left == 1);
	CHECK(gate_end_pair(gate_open()).other == 1);
	CHECK(gate_end_triple(gate_open()).third == 1);
}

int main(void)
{
	gate *g = gate_open();
	errno = ENOTTY;
	structs(g);
	lists(g);
	gate_close(g);
	frees();
	CHECK(errno == ENOTTY && gate_frees() == 8 && gate_violations() == 0);
	return 0;
}
