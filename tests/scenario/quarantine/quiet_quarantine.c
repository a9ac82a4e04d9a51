/* Crates come and go: what is held back is bounded in blocks and in bytes, the oldest leave first, and nothing but the
 * handles' own blocks is held.
 *
 * run: COUNT=100
 * recording: counters.quarantine-held=104 counters.quarantine-released=0 counters.quarantine-refused=0
 *
 * run: HANDLEGUARD_QUARANTINE_BLOCKS=10 COUNT=10
 * recording: counters.quarantine-held=104 counters.quarantine-released=94 counters.quarantine-refused=0
 *
 * run: HANDLEGUARD_QUARANTINE_KIB=16 COUNT=16
 * recording: counters.quarantine-held=104 counters.quarantine-released=88 counters.quarantine-refused=0
 *
 * run: HANDLEGUARD_QUARANTINE_KIB=0 COUNT=0
 * recording: counters.quarantine-held=0 counters.quarantine-released=0 counters.quarantine-refused=104
 */
#include "scenario.h"

enum { ROUNDS = 100 };

static gate_crate *crates[ROUNDS];

static bool met_since(int first, int end)
{
	for (int i = first; i < end; i++)
		if (crates[i] == crates[end])
			return true;
	return false;
}

static void close_both(gate_crate *first, gate_crate *second)
{
	gate_crate_close_all(first, second);
	void *block = malloc(1000);
	CHECK(getenv("HANDLEGUARD_QUARANTINE_KIB") || (block != first && block != second));
	free(block);
}

int main(void)
{
	int held = atoi(getenv("COUNT"));
	for (int i = 0; i < ROUNDS; i++) {
		crates[i] = gate_crate_open();
		CHECK(!met_since(i > held ? i - held : 0, i));
		CHECK(gate_crate_touch(crates[i]) == 1);
		errno = E2BIG;
		gate_crate_close(crates[i]);
		CHECK(errno == E2BIG);
	}
	close_both(gate_crate_open(), gate_crate_open());
	close_both(gate_crate_open(), gate_crate_open());
	gate_crate_close(NULL);
	free(NULL);
	return 0;
}
