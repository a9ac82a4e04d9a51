/* What a turned-away call returns: an integer of each width and sign, a null pointer, an errno with or without a value,
 * a floating number; out-arguments zeroed; errno as it was where the manifest does not set it.
 *
 * finding: late-op gate g; call gate_recv in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_send in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_name in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_ratio in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_scale in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_level in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_reset in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_at6 in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_at_mixed in use; free gate_close in close_it; create gate_open in main
 * finding: late-op gate g; call gate_child_open in use; free gate_close in close_it; create gate_open in main
 * finding: late-op id 0; call gate_id_touch in use_id; free gate_id_close in use_id; create gate_id_open in use_id
 * recording: handles.child.created=0
 */
#include "scenario.h"

static void use(gate *g)
{
	char buffer[4] = "abc";
	size_t got = 77;
	uint32_t flags[2] = {78, 79};
	CHECK(gate_recv(g, buffer, sizeof buffer, &got, flags) == -EPIPE);
	CHECK(got == 0 && flags[0] == 0 && flags[1] == 79 && strcmp(buffer, "abc") == 0);
	CHECK(errno == ENOTTY);
	CHECK(gate_send(g, buffer, 1) == -1 && errno == EPIPE);
	errno = ENOTTY;
	CHECK(gate_name(g) == NULL);
	CHECK(gate_ratio(g) == -1.5);
	CHECK(gate_scale(g) == 0.125F);
	CHECK(gate_level(g) == 7);
	gate_reset(g);
	CHECK(gate_at6(1, 2, 3, 4, 5, 6, g, 8, 9) == -EPIPE);
	CHECK(gate_at_mixed(1, 2, 3, g, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7) == 0.5);
	CHECK(gate_child_open(g) == NULL);
	CHECK(errno == ENOTTY);
}

static void use_id(void)
{
	int id = gate_id_open();
	tell_number("0", (unsigned long)id);
	CHECK(gate_id_close(id) == 0);
	CHECK(gate_id_touch(id) == -EBADF);
}

int main(void)
{
	gate *g = gate_open();
	tell("g", g);
	close_it(g);
	errno = ENOTTY;
	use(g);
	use_id();
	CHECK(gate_uses() == 0 && gate_violations() == 0);
	return 0;
}
