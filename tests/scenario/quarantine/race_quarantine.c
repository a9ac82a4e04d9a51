/* The allocator hands a freed handle's address out again at once, and an op of the old life comes late: nobody could
 * tell it from one of the new life. Where the class's boxes are held back, it is told.
 *
 * run: HANDLEGUARD_MODE=guard
 * finding: late-op crate old; call gate_crate_touch in use_late on user; free gate_crate_close in main;
 *     create gate_crate_open in main
 * recording: counters.quarantine-held=2 counters.quarantine-released=0
 *
 * run: HANDLEGUARD_QUARANTINE_BLOCKS=0 REUSED=1
 * recording: counters.quarantine-held=0 counters.quarantine-refused=2
 *
 * run: HANDLEGUARD_MODE=observe REUSED=1
 * recording: counters.quarantine-held=0 counters.quarantine-refused=0
 *
 * run: HANDLEGUARD_MODE=abort
 * finding: late-op crate old; call gate_crate_touch in use_late on user; free gate_crate_close in main;
 *     create gate_crate_open in main
 * stderr: handleguard
 * recording: counters.quarantine-held=1
 * exit: SIGABRT
 */
#include "scenario.h"

static bool reused;

static void use_late(void *crate)
{
	CHECK(gate_crate_touch(crate) == (reused ? 1 : -EPIPE));
}

int main(void)
{
	struct side user;
	reused = getenv("REUSED") != NULL;
	gate_crate *old = gate_crate_open();
	tell("old", old);
	gate_crate_close(old);
	gate_crate *fresh = gate_crate_open();
	CHECK((fresh == old) == reused);
	start(&user, "user", use_late, old);
	join(&user);
	CHECK(gate_crate_touch(fresh) == 1);
	gate_crate_close(fresh);
	return 0;
}
