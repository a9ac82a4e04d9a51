/* Without an argument prints, after a guarded call, how many KiB are private to the process, and how many of these are
 * code; with one what each of so many calls takes, in ns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "library.h"

#ifndef WITHOUT_MORE
int program_0(int *data);
#endif

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static inline __attribute__((always_inline)) void print_calls(struct linked *linked, long calls)
{
	double began = now();
	for (long i = 0; i < calls; i++)
		linked_op(linked);
	printf("%f\n", (now() - began) / (double)calls);
}

static void print_memory(void)
{
	char line[512], rights[8] = "";
	long all = 0, code = 0, kib;
	FILE *maps = fopen("/proc/self/smaps", "r");
	while (maps && fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%*x-%*x %7s", rights) == 1)
			continue;
		if (sscanf(line, "Anonymous: %ld kB", &kib) != 1)
			continue;
		all += kib;
		code += strchr(rights, 'x') ? kib : 0;
	}
	printf("%ld %ld\n", all, code);
}

/* Its name tells whether a language has made it (RUN). */
__attribute__((noinline)) int RUN(int argc, char **argv);
int RUN(int argc, char **argv)
{
	struct linked *linked = linked_open();
	int status = linked_op(linked);
	if (argc > 1)
		print_calls(linked, atol(argv[1]));
	else
		print_memory();
	linked_close(linked);
	return status;
}

int main(int argc, char **argv)
{
	int status = RUN(argc, argv);
#ifndef WITHOUT_MORE
	if (status)
		return program_0(&status);
#endif
	return status;
}
