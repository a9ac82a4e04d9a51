/* Handles that are numbers, counted up: what the guards keep of the dead ones does not grow for ever.
 *
 * run: HANDLEGUARD_DEAD_HANDLES=1000
 * recording: handles.number.created=400000 handles.number.freed=400000 handles.number.adopted=0 counters.dead-forgotten=>380000
 */
#include <stdio.h>

#include "scenario.h"

enum { WARM = 100000, MORE = 300000, MOST_KIB = 8192 };

static long resident_kib(void)
{
	long pages = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	CHECK(file && fscanf(file, "%ld %ld", &pages, &resident) == 2);
	fclose(file);
	return resident * sysconf(_SC_PAGESIZE) / 1024;
}

static void come_and_go(int count)
{
	for (int i = 0; i < count; i++) {
		int64_t number = gate_number_open();
		CHECK(gate_number_touch(number) == 1 && gate_number_close(number) == 0);
	}
}

int main(void)
{
	come_and_go(WARM);
	long before = resident_kib();
	come_and_go(MORE);
	CHECK(resident_kib() - before < MOST_KIB);
	CHECK(gate_violations() == 0);
	return 0;
}
