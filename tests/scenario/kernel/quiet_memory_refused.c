/* The system has no more memory to give: handles for whose guards there is none pass by unguarded, and are counted.
 *
 * recording: counters.memory-refused=>0 handles.number.created=>0
 */
#include <sys/resource.h>

#include "scenario.h"

enum { MANY = 100000 };

static void refuse_memory(void)
{
	CHECK(setrlimit(RLIMIT_AS, &(struct rlimit){.rlim_cur = 1, .rlim_max = RLIM_INFINITY}) == 0);
}

static void allow_memory(void)
{
	CHECK(setrlimit(RLIMIT_AS, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}) == 0);
}

int main(void)
{
	static int64_t numbers[MANY];
	CHECK(gate_number_close(gate_number_open()) == 0);
	refuse_memory();
	for (int i = 0; i < MANY; i++) {
		numbers[i] = gate_number_open();
		CHECK(gate_number_touch(numbers[i]) == 1);
	}
	allow_memory();
	for (int i = 0; i < MANY; i++)
		CHECK(gate_number_touch(numbers[i]) == 1 && gate_number_close(numbers[i]) == 0);
	CHECK(gate_violations() == 0);
	return 0;
}
