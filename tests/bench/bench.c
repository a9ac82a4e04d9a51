/* What guarding costs, measured: every variant in its own process, all of them alternating in one run. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"

#define OPS                                                                                                            \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_THROUGH] = 1, [HG_HAND_WRITTEN] = 1, [HG_GUARDED] = 1, [HG_GUARDED_FENCED] = 1,     \
		[HG_GUARDED_WORDS] = 1                                                                                 \
	}
/* Two threads in ops of one handle would be findings, not ops. */
#define OWN_OPS                                                                                                        \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_THROUGH] = 1, [HG_HAND_WRITTEN] = 1, [HG_GUARDED] = 1, [HG_GUARDED_FENCED] = 1,     \
		[HG_GUARDED_WORDS] = 1, [HG_GUARDED_EXCLUSIVE] = 1, [HG_GUARDED_SERIALISED] = 1                        \
	}
#define RANDOM_OPS                                                                                                     \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_HAND_WRITTEN] = 1, [HG_GUARDED] = 1                                                 \
	}
#define CREATES                                                                                                        \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED] = 1, [HG_GUARDED_NO_STACKS] = 1                                            \
	}
#define DEFERS                                                                                                         \
	{                                                                                                              \
		[HG_GUARDED_DEFER] = 1, [HG_GUARDED_DEFER_NO_STACKS] = 1                                               \
	}
#define LOADS                                                                                                          \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED_SQLITE] = 1, [HG_GUARDED_MANY] = 1                                          \
	}
#define PLAIN                                                                                                          \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED] = 1                                                                        \
	}

const struct hg_measurement hg_measurements[] = {
    {"op, one thread", "ns", hg_work_op, NULL, HG_ONE_THREAD, 0, OWN_OPS},
    {"op, two threads, own handles", "ns", hg_work_op, NULL, HG_OWN_HANDLES, 0, OWN_OPS},
    {"op, two threads, one handle", "ns", hg_work_op, NULL, HG_SHARED_HANDLE, 0, OPS},
    {"op, 64 handles at random", "ns", hg_work_handles, NULL, 64, 0, RANDOM_OPS},
    {"op, 256 handles at random", "ns", hg_work_handles, NULL, 256, 0, RANDOM_OPS},
    {"op, 1000 handles at random", "ns", hg_work_handles, NULL, 1000, 0, RANDOM_OPS},
    {"op, 10000 handles at random", "ns", hg_work_handles, NULL, 10000, 0, RANDOM_OPS},
    {"op, 1000000 handles at random", "ns", hg_work_handles, NULL, 1000000, 21, RANDOM_OPS},
    {"late op, one of many", "ns", hg_work_late, NULL, 0, 0, {[HG_GUARDED] = 1}},
    {"create and free", "ns", hg_work_churn, NULL, 0, 0, CREATES},
    {"create and free in Python", "ns", NULL, hg_work_python, HG_KNOWN_PLACE, 0, CREATES},
    {"first capture in Python", "ns", NULL, hg_work_python, HG_FIRST_CAPTURE, 0, CREATES},
    {"first capture in Python, deep stack", "ns", NULL, hg_work_python, HG_DEEP_CAPTURE, 0, PLAIN},
    {"free that meets another thread in Python", "ns", NULL, hg_work_python, HG_OF_ANOTHER, 0, DEFERS},
#ifdef HG_LIVES_GO
    {"create and free in Go", "ns", NULL, hg_work_go, HG_KNOWN_PLACE, 0, CREATES},
    {"first capture in Go", "ns", NULL, hg_work_go, HG_FIRST_CAPTURE, 0, CREATES},
    {"first capture in Go, deep stack", "ns", NULL, hg_work_go, HG_DEEP_CAPTURE, 0, PLAIN},
    {"free that meets another thread in Go", "ns", NULL, hg_work_go, HG_OF_ANOTHER, 0, DEFERS},
#endif
#ifdef HG_LIVES_JAVA
    {"create and free in Java", "ns", NULL, hg_work_java, HG_KNOWN_PLACE, 0, CREATES},
    {"first capture in Java", "ns", NULL, hg_work_java, HG_FIRST_CAPTURE, 0, CREATES},
    {"free that meets another thread in Java", "ns", NULL, hg_work_java, HG_OF_ANOTHER, 0, DEFERS},
#endif
    {"wake-up of a free", "ns", hg_work_wake, NULL, 1, 300, {[HG_GUARDED] = 1}},
    {"wake-up by a futex alone", "ns", hg_work_wake, NULL, 0, 300, {[HG_BARE] = 1}},
    {"memory of a live handle", "B", hg_work_memory, NULL, 1000000, 1, CREATES},
    {"shared free, other thread asleep", "ns", hg_work_shared_free, NULL, 0, 0, PLAIN},
    {"shared free, other thread busy", "ns", hg_work_shared_free, NULL, 1, 0, PLAIN},
    {"shared free, 1000 threads in flight", "ns", hg_work_crowd, NULL, 1000, 0, PLAIN},
    {"start, no guarded call", "ms", NULL, hg_work_startup, 0, 100, PLAIN},
    {"start, one guarded call", "ms", NULL, hg_work_startup, 1, 100, PLAIN},
    {"start, and a million leaks at the end", "ms", NULL, hg_work_leaks, 1000000, 5, PLAIN},
    {"recording of one guarded call", "KiB", NULL, hg_work_disk, 0, 9, {[HG_GUARDED] = 1}},
    {"dlopen and dlclose, 30 plugins loaded", "us", NULL, hg_work_loads, 30, 21, LOADS},
    {"dlopen and dlclose, 300 plugins loaded", "us", NULL, hg_work_loads, 300, 21, LOADS},
    {"60 threads together", "ms", NULL, hg_work_threads_together, 60, 0, PLAIN},
    {"60 threads in turn", "ms", NULL, hg_work_threads_in_turn, 60, 0, PLAIN},
    {"600 threads together", "ms", NULL, hg_work_threads_together, 600, 0, PLAIN},
    {"600 threads in turn", "ms", NULL, hg_work_threads_in_turn, 600, 0, PLAIN},
    {"6000 threads together", "ms", NULL, hg_work_threads_together, 6000, 15, PLAIN},
    {"6000 threads in turn", "ms", NULL, hg_work_threads_in_turn, 6000, 15, PLAIN},
};

const unsigned hg_measurement_count = sizeof hg_measurements / sizeof *hg_measurements;

static struct {
	const char *json, *only;
	unsigned rounds;
} wanted = {.rounds = 41};

static const struct argp_option options[] = {
    {"json", 'j', "FILE", 0, "write the figures there as JSON, too", 0},
    {"only", 'o', "TEXT", 0, "only measurements that have this in their names", 0},
    {"rounds", 'r', "N", 0, "how many rounds (default: 41)", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	char *end;
	switch (key) {
	case 'j':
		wanted.json = argument;
		return 0;
	case 'o':
		wanted.only = argument;
		return 0;
	case 'r':
		wanted.rounds = (unsigned)strtoul(argument, &end, 10);
		if (*end || wanted.rounds < 1 || wanted.rounds > 100000)
			argp_error(state, "--rounds=%s: a whole number from 1 to 100000 is wanted", argument);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void measure(const struct hg_measurement *measurement)
{
	double *figures[HG_VARIANTS];
	unsigned rounds = measurement->rounds ? measurement->rounds : wanted.rounds;
	fprintf(stderr, "%s ...\n", measurement->name);
	for (unsigned v = 0; v < HG_VARIANTS; v++)
		if (!(figures[v] = calloc(rounds, sizeof *figures[v])))
			hg_die("out of memory");
	hg_measure(measurement, rounds, figures);
	hg_results_add(measurement, rounds, figures);
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--worker") == 0)
		return hg_worker(argv);
	const struct argp argp = {options, parse, NULL, "Measures what guarding costs, beside what it is held against.",
	                          NULL,    NULL,  NULL};
	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	hg_scratch_make();
	for (unsigned i = 0; i < hg_measurement_count; i++)
		if (!wanted.only || strstr(hg_measurements[i].name, wanted.only))
			measure(&hg_measurements[i]);
	hg_results_print();
	if (wanted.json)
		hg_results_save(wanted.json);
	hg_scratch_remove();
	return 0;
}
