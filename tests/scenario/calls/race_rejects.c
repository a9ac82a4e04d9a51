/* What a turned-away call returns: integers (of every width: tests/abi), a null pointer, an errno with or without a
 * value, a floating number; out-arguments zeroed; errno as it was where the manifest does not set it. Watched only, the
 * real functions answer.
 *
 * run: HANDLEGUARD_MODE=guard
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
 * run: HANDLEGUARD_MODE=observe
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
 * finding: orphan child any; call gate_child_close in use; free gate_close in close_it; create gate_child_open in use
 * finding: late-op id 0; call gate_id_touch in use_id; free gate_id_close in use_id; create gate_id_open in use_id
 * recording: handles.child.created=1
 * run: HANDLEGUARD_MODE=abort
 * exit: SIGABRT
 * stderr: handleguard: late-op of a gate 0x
 * finding: late-op gate g; call gate_recv in use; free gate_close in close_it; create gate_open in main
 * recording: mode=abort clean_exit=false
 */
#include "scenario.h"

static bool watched_only;

/* What a call returns when it is rejected, and what the real function does. */
#define EITHER(found, turned_away, real) CHECK((found) == (watched_only ? (real) : (turned_away)))

static void use(gate *g)
{
	char buffer[4] = "abc";
	size_t got = 77;
	uint32_t flags[2] = {78, 79};
	EITHER(gate_recv(g, buffer, sizeof buffer, &got, flags), -EPIPE, 4);
	EITHER(got, 0u, 4u);
	EITHER(flags[0], 0u, 1u);
	EITHER(strncmp(buffer, "abc", 4) == 0, true, false);
	CHECK(flags[1] == 79 && errno == ENOTTY);
	EITHER(gate_send(g, buffer, 1), -1, 1);
	EITHER(errno, EPIPE, ENOTTY);
	errno = ENOTTY;
	EITHER(gate_name(g) == NULL, true, false);
	EITHER(gate_ratio(g), -1.5, 0.25);
	EITHER(gate_scale(g), 0.125F, 4.0F);
	EITHER(gate_level(g), 7, 200);
	gate_reset(g);
	EITHER(gate_at6(1, 2, 3, 4, 5, 6, g, 8, 9), -EPIPE, 38);
	EITHER(gate_at_mixed(1, 2, 3, g, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7), 0.5, 73);
	gate_child *child = gate_child_open(g);
	EITHER(child == NULL, true, false);
	CHECK(errno == ENOTTY);
	if (child)
		gate_child_close(child);
}

static void use_id(void)
{
	int id = gate_id_open();
	tell_number("0", (unsigned long)id);
	CHECK(gate_id_close(id) == 0);
	EITHER(gate_id_touch(id), -EBADF, 1);
}

int main(void)
{
	const char *mode = getenv("HANDLEGUARD_MODE");
	CHECK(mode);
	watched_only = strcmp(mode, "observe") == 0;
	gate *g = gate_open();
	tell("g", g);
	close_it(g);
	errno = ENOTTY;
	use(g);
	use_id();
	EITHER(gate_uses() == 0 && gate_violations() == 0, true, false);
	return 0;
}
