/* What guarding costs, measured: every variant in its own process, all of them alternating in one run. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measurements.h"
#include "results.h"
#include "scratch.h"
#include "variants.h"

enum { ROUNDS = 41, QUICK_ROUNDS = 3 };

static struct {
	const char *json, *only;
	unsigned rounds; /* 0: not asked for */
	bool curves, quick, list;
} wanted;

static const struct argp_option options[] = {
    {"curves", 'c', NULL, 0, "how figures grow, instead of the rows of the table", 0},
    {"json", 'j', "FILE", 0, "write the figures there as JSON, too", 0},
    {"list", 'l', NULL, 0, "print the names of what would be measured, and measure nothing", 0},
    {"only", 'o', "TEXT", 0, "only measurements that have this in their names", 0},
    {"quick", 'q', NULL, 0, "three rounds, and without what takes long: a few seconds", 0},
    {"rounds", 'r', "N", 0, "how many rounds (41, and fewer of what takes long), at most where that is asked for", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	char *end;
	switch (key) {
	case 'c':
		wanted.curves = true;
		return 0;
	case 'j':
		wanted.json = argument;
		return 0;
	case 'l':
		wanted.list = true;
		return 0;
	case 'o':
		wanted.only = argument;
		return 0;
	case 'q':
		wanted.quick = true;
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

static unsigned rounds_of(const struct hg_measurement *measurement)
{
	unsigned rounds = measurement->rounds ? measurement->rounds : ROUNDS;
	unsigned most = wanted.quick ? QUICK_ROUNDS : wanted.rounds;
	return most && (rounds > most || !measurement->rounds) ? most : rounds;
}

static void measure(const struct hg_measurement *measurement)
{
	double *figures[HG_VARIANTS] = {0};
	unsigned rounds = rounds_of(measurement);
	fprintf(stderr, "%s ...\n", measurement->name);
	for (unsigned v = 0; v < HG_VARIANTS; v++)
		if (measurement->variants[v] && hg_variant_there(v) && !(figures[v] = calloc(rounds, sizeof(double))))
			hg_die("out of memory");
	hg_measure(measurement, rounds, figures);
	hg_results_add(measurement, rounds, figures);
	hg_scratch_empty();
}

static bool is_wanted(const struct hg_measurement *measurement)
{
	return (!wanted.only || strstr(measurement->name, wanted.only)) && !(wanted.quick && measurement->slow);
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--worker") == 0)
		return hg_worker(argv);
	const struct argp argp = {options, parse, NULL, "Measures what guarding costs, beside what it is held against.",
	                          NULL,    NULL,  NULL};
	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	const struct hg_measurement *all = wanted.curves ? hg_points : hg_rows;
	unsigned count = wanted.curves ? hg_point_count : hg_row_count;
	if (!wanted.list)
		hg_scratch_make();
	for (unsigned i = 0; i < count; i++)
		if (is_wanted(&all[i]) && wanted.list)
			puts(all[i].name);
		else if (is_wanted(&all[i]))
			measure(&all[i]);
	if (!wanted.list)
		hg_results_print();
	if (!wanted.list && wanted.json)
		hg_results_save(wanted.json);
	hg_scratch_remove();
	return 0;
}
