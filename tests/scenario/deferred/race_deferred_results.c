/* A free that is left to the last op has not failed: it returns what its manifest says for that, of every type, and
 * leaves errno alone; its out-arguments and its struct are zero, as nobody has filled them yet. A second free is turned
 * away. The real free, when it comes, finds nothing of its caller's: not the variable that held the handle, nor the
 * others. Where the handle stands in a struct, of which nobody knows how long it is, the free waits instead.
 *
 * run: HANDLEGUARD_DRAIN=defer
 * finding: late-free gate count; call gate_end_count in end_count<free_inside; op gate_wait in wait_in on count;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate count; call gate_end_count in end_count<free_inside; free gate_end_count in end_count<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate pointer; call gate_end_pointer in end_pointer<free_inside; op gate_wait in wait_in on pointer;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate pointer; call gate_end_pointer in end_pointer<free_inside; free gate_end_pointer in end_pointer<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate ratio; call gate_end_ratio in end_ratio<free_inside; op gate_wait in wait_in on ratio;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate ratio; call gate_end_ratio in end_ratio<free_inside; free gate_end_ratio in end_ratio<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate scale; call gate_end_scale in end_scale<free_inside; op gate_wait in wait_in on scale;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate scale; call gate_end_scale in end_scale<free_inside; free gate_end_scale in end_scale<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate level; call gate_end_level in end_level<free_inside; op gate_wait in wait_in on level;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate level; call gate_end_level in end_level<free_inside; free gate_end_level in end_level<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate pair; call gate_end_pair in end_pair<free_inside; op gate_wait in wait_in on pair;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate pair; call gate_end_pair in end_pair<free_inside; free gate_end_pair in end_pair<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate triple; call gate_end_triple in end_triple<free_inside; op gate_wait in wait_in on triple;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate triple; call gate_end_triple in end_triple<free_inside; free gate_end_triple in end_triple<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate at; call gate_close_at in end_at<free_inside; op gate_wait in wait_in on at;
 *     create gate_open in free_inside; deferred
 * finding: repeat-free gate at; call gate_close_at in end_at<free_inside; free gate_close_at in end_at<free_inside;
 *     create gate_open in free_inside
 * finding: late-free gate box; call gate_close_box in close_box on closer; op gate_wait in wait_in on waiter;
 *     create gate_open in main; drained
 * recording: handles.gate.freed=9
 */
#include "scenario.h"

static void check_errno(bool turned_away, int rejected)
{
	CHECK(errno == (turned_away ? rejected : ENOTTY));
	errno = ENOTTY;
}

static void end_count(gate *g, bool again)
{
	CHECK(gate_end_count(g) == (again ? -1 : 7));
	check_errno(again, EBADF);
}

static void end_pointer(gate *g, bool again)
{
	CHECK(gate_end_pointer(g) == (again ? NULL : (void *)0x10));
	check_errno(again, ENOTTY);
}

static void end_ratio(gate *g, bool again)
{
	CHECK(gate_end_ratio(g) == (again ? -1.5 : 0.5));
	check_errno(again, ENOTTY);
}

static void end_scale(gate *g, bool again)
{
	CHECK(gate_end_scale(g) == (again ? -1.5F : 0.125F));
	check_errno(again, ENOTTY);
}

static void end_level(gate *g, bool again)
{
	uint32_t left[2] = {78, 79};
	CHECK(gate_end_level(g, left) == (again ? 9 : 200));
	CHECK(left[0] == 0 && left[1] == 79);
	check_errno(again, ENOTTY);
}

static void end_pair(gate *g, bool again)
{
	struct gate_pair pair = gate_end_pair(g);
	CHECK(pair.one == 0 && pair.other == 0);
	check_errno(again, EBADF);
}

static void end_triple(gate *g, bool again)
{
	struct gate_triple triple = gate_end_triple(g);
	CHECK(triple.one == 0 && triple.other == 0 && triple.third == 0);
	check_errno(again, EBADF);
}

static void end_at(gate *g, bool again)
{
	gate *volatile mine = g;
	gate_close_at((gate **)&mine);
	CHECK(mine == g);
	mine = NULL;
	check_errno(again, ENOTTY);
}

static void close_box(void *g)
{
	struct gate_item item = {.gate = g};
	gate_close_box(&item);
}

static void free_inside(const char *name, void (*end)(gate *, bool))
{
	static int frees;
	struct side waiter;
	gate *g = gate_open();
	tell(name, g);
	start(&waiter, name, wait_in, g);
	gate_await_parked(g, 1);
	errno = ENOTTY;
	dirty_stack();
	end(g, false);
	dirty_stack();
	end(g, true);
	CHECK(gate_frees() == frees);
	gate_let_go(g);
	join(&waiter);
	CHECK(gate_frees() == ++frees);
}

int main(void)
{
	free_inside("count", end_count);
	free_inside("pointer", end_pointer);
	free_inside("ratio", end_ratio);
	free_inside("scale", end_scale);
	free_inside("level", end_level);
	free_inside("pair", end_pair);
	free_inside("triple", end_triple);
	free_inside("at", end_at);
	struct side waiter, closer;
	gate *g = gate_open();
	tell("box", g);
	start(&waiter, "waiter", wait_in, g);
	gate_await_parked(g, 1);
	start(&closer, "closer", close_box, g);
	await_drain(&closer);
	gate_let_go(g);
	join(&waiter);
	join(&closer);
	CHECK(gate_frees() == 9 && gate_violations() == 0);
	return 0;
}
