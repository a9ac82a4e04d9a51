/* The other side of harness.c: runs inside the process that has the variant's preload. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filter.h"
#include "measurements.h"
#include "works.h"

bool hg_with_words;

static cpu_set_t allowed;

static bool know_allowed(void)
{
	static bool known;
	return known || (known = sched_getaffinity(getpid(), sizeof allowed, &allowed) == 0);
}

void hg_pin_nowhere(void)
{
	if (know_allowed())
		sched_setaffinity(0, sizeof allowed, &allowed);
}

void hg_pin(unsigned which)
{
	if (!know_allowed())
		return;
	which %= (unsigned)CPU_COUNT(&allowed);
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || which--)
			continue;
		cpu_set_t one;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof one, &one);
		return;
	}
}

/* As on a kernel, or under a filter, that has none. */
static void refuse_membarrier(void)
{
	static const struct filtered_call none = {.number = SYS_membarrier, .action = SECCOMP_RET_ERRNO | ENOSYS};
	if (filter_call(&none, 0) != 0)
		hg_die("a filter against membarrier cannot be installed: %s", strerror(errno));
}

int hg_worker(char **argv)
{
	const struct hg_measurement *measurement = hg_measurement_at((unsigned)strtoul(argv[3], NULL, 10));
	hg_with_words = strcmp(argv[2], "--words") == 0;
	if (strcmp(argv[2], "--no-membarrier") == 0)
		refuse_membarrier();
	hg_pin(0);
	for (char request; read(STDIN_FILENO, &request, 1) == 1;) {
		double figure = measurement->work(measurement->argument);
		if (write(STDOUT_FILENO, &figure, sizeof figure) != sizeof figure)
			break;
	}
	/* Not exit: a million handles left open on purpose would be noted one by one. */
	_exit(0);
}
