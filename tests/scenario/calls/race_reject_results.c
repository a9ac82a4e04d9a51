/* Turned away, a call's struct is all zero, in registers of either kind and in memory, and so is an array that it was
 * to fill: as many elements as its caller says, none if that is no count, and no more than the bound. Watched only, the
 * real function answers.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: late-op gate g; call gate_pair_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_triple_of in late_triple; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_span_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_mix_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_quad_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_list in late_lists; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_list in late_lists; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_list in late_lists; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_list in late_lists; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_list in late_lists; free gate_close in close_it; create gate_open in main
 * recording: mode=guard counters.zero-cut=1
 * run: HANDLEGUARD_MODE=observe
 * finding: late-op gate g; call gate_pair_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_triple_of in late_triple; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_span_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_mix_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_quad_of in late; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_list in main; free gate_close in close_it; create gate_open in main
 * recording: mode=observe counters.zero-cut=0
 * run: HANDLEGUARD_MODE=abort
 * exit: SIGABRT
 * stderr: handleguard: late-op of a gate 0x
 * finding: late-op gate g; call gate_pair_of in late; free gate_close in close_it; create gate_open in main
 * recording: mode=abort clean_exit=false
 */
#include "scenario.h"

#include <sys/mman.h>

enum { ZEROED_MOST = 16 << 20 };

static bool watched_only;

/* What the result is, by what the real function returns. */
static void is(double found, double real)
{
	CHECK(found == (watched_only ? real : 0));
}

static bool fresh(const uint64_t *array, int from, int to)
{
	for (int i = from; i < to; i++)
		if (array[i] != (uint64_t)i + 1)
			return false;
	return true;
}

static uint64_t *fill(uint64_t *array, int count)
{
	for (int i = 0; i < count; i++)
		array[i] = (uint64_t)i + 1;
	return array;
}

/* A whole length is counted by its low half: of 2^32 + 2 elements two are zeroed, of 2^31 none. */
static void late_lists(gate *g)
{
	static uint64_t array[4];
	size_t many = ZEROED_MOST / sizeof *array + 1;
	uint64_t *long_one =
	    mmap(NULL, many * sizeof *array, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(long_one != MAP_FAILED);
	CHECK(gate_list(g, fill(array, 4), 3) == -EPIPE && !array[0] && !array[1] && !array[2] && fresh(array, 3, 4));
	CHECK(gate_list(g, fill(array, 4), 0) == -EPIPE && fresh(array, 0, 4));
	CHECK(gate_list(g, fill(array, 4), (size_t)1 << 31) == -EPIPE && fresh(array, 0, 4));
	CHECK(gate_list(g, fill(array, 4), ((size_t)1 << 32) + 2) == -EPIPE && !array[0] && !array[1] &&
	      fresh(array, 2, 4));
	fill(long_one, (int)many);
	CHECK(gate_list(g, long_one, many) == -EPIPE && !long_one[0] && !long_one[many - 2] &&
	      long_one[many - 1] == many);
	CHECK(munmap(long_one, many * sizeof *array) == 0);
}

static void late_triple(gate *g)
{
	struct gate_triple triple = gate_triple_of(g, 5);
	is((double)triple.one, 5), is((double)triple.other, 10), is((double)triple.third, 15);
}

static void late(gate *g)
{
	errno = ENOTTY;
	struct gate_pair pair = gate_pair_of(g, 5);
	is((double)pair.one, 5), is((double)pair.other, -5);
	dirty_stack();
	late_triple(g);
	struct gate_span span = gate_span_of(g);
	is(span.from, 1.5), is(span.to, 2.5);
	CHECK(errno == ENOTTY);
	struct gate_mix mix = gate_mix_of(g);
	is((double)mix.number, 7), is(mix.share, 0.5);
	CHECK(errno == (watched_only ? ENOTTY : EPIPE));
	struct gate_quad quad = gate_quad_of(g);
	is(quad.a, 1), is(quad.b, 2), is(quad.c, 3), is(quad.d, 4);
}

int main(void)
{
	const char *mode = getenv("HANDLEGUARD_MODE");
	CHECK(mode);
	watched_only = strcmp(mode, "observe") == 0;
	gate *g = gate_open();
	tell("g", g);
	close_it(g);
	late(g);
	uint64_t one = 1;
	if (watched_only)
		CHECK(gate_list(g, &one, 1) == 1 && one != 0);
	else
		late_lists(g);
	CHECK((gate_violations() != 0) == watched_only);
	return 0;
}
