#include "results.h"

#include <gnu/libc-version.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "targets.h"

enum { MOST_MEASUREMENTS = 128 };

static struct result {
	const struct hg_measurement *of;
	unsigned rounds;
	double *figures[HG_VARIANTS]; /* sorted; null: not measured */
} results[MOST_MEASUREMENTS];
static unsigned result_count;

static int ascending(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;
	return (a > b) - (a < b);
}

void hg_results_add(const struct hg_measurement *measurement, unsigned rounds, double *figures[HG_VARIANTS])
{
	struct result *result = &results[result_count++];
	result->of = measurement;
	result->rounds = rounds;
	for (unsigned v = 0; v < HG_VARIANTS; v++) {
		if (!figures[v])
			continue;
		result->figures[v] = figures[v];
		qsort(figures[v], rounds, sizeof *figures[v], ascending);
	}
}

static double minimum(const struct result *result, enum hg_variant variant)
{
	return result->figures[variant][0];
}

static double median(const struct result *result, enum hg_variant variant)
{
	const double *sorted = result->figures[variant];
	return (sorted[(result->rounds - 1) / 2] + sorted[result->rounds / 2]) / 2;
}

double hg_figure(const struct hg_figure *figure)
{
	for (unsigned i = 0; i < result_count; i++) {
		const struct result *result = &results[i];
		if (strcmp(result->of->name, figure->measurement) != 0)
			continue;
		double (*statistic)(const struct result *, enum hg_variant) = figure->of_minima ? minimum : median;
		double base = figure->added ? statistic(result, HG_BARE) : 0;
		return statistic(result, figure->variant) - base;
	}
	return NAN;
}

/* --- for people --- */

static void print_added(double bare, double with)
{
	printf(" %10.2f", with - bare);
	if (bare > 0)
		printf(" %8.1f", 100 * (with - bare) / bare);
}

static void print_result(const struct result *result)
{
	printf("%-47s %10s %10s %10s %8s\n", result->of->name, "minimum", "median", "added", "%");
	for (unsigned v = 0; v < HG_VARIANTS; v++) {
		if (!result->figures[v])
			continue;
		printf("  %-40s %4s %10.2f %10.2f", hg_variant_name(v), result->of->unit, minimum(result, v),
		       median(result, v));
		if (v != HG_BARE && result->figures[HG_BARE])
			print_added(minimum(result, HG_BARE), minimum(result, v));
		putchar('\n');
	}
	putchar('\n');
}

static void print_targets(void)
{
	printf("%-58s %10s %10s %5s\n", "target", "aim", "reached", "");
	for (unsigned i = 0; i < hg_target_count; i++) {
		double reached = hg_target_reached(&hg_targets[i]);
		if (!isnan(reached))
			printf("%-58s %s%8.1f %10.2f %5s\n", hg_targets[i].text,
			       hg_targets[i].at_least ? ">=" : "<=", hg_targets[i].limit, reached,
			       hg_target_met(&hg_targets[i]) ? "ok" : "MISS");
	}
}

void hg_results_print(void)
{
	for (unsigned i = 0; i < result_count; i++)
		print_result(&results[i]);
	print_targets();
}

/* --- for programs --- */

static json_t *series_of(const struct result *result, enum hg_variant variant)
{
	json_t *figures = json_array();
	for (unsigned i = 0; i < result->rounds; i++)
		json_array_append_new(figures, json_real(result->figures[variant][i]));
	json_t *series = json_pack("{s:s, s:s, s:s, s:f, s:f, s:o}", "measurement", result->of->name, "variant",
	                           hg_variant_name(variant), "unit", result->of->unit, "minimum",
	                           minimum(result, variant), "median", median(result, variant), "sorted", figures);
	if (series && result->of->curve)
		json_object_update_new(series,
		                       json_pack("{s:s, s:i}", "curve", result->of->curve, "at", result->of->argument));
	return series;
}

static json_t *all_series(void)
{
	json_t *all = json_array();
	for (unsigned i = 0; i < result_count; i++)
		for (unsigned v = 0; v < HG_VARIANTS; v++)
			if (results[i].figures[v])
				json_array_append_new(all, series_of(&results[i], v));
	return all;
}

static json_t *all_targets(void)
{
	json_t *all = json_array();
	for (unsigned i = 0; i < hg_target_count; i++) {
		const struct hg_target *target = &hg_targets[i];
		double reached = hg_target_reached(target);
		if (!isnan(reached))
			json_array_append_new(all, json_pack("{s:s, s:s, s:f, s:f, s:b}", "target", target->text,
			                                     "bound", target->at_least ? "at least" : "at most",
			                                     "limit", target->limit, "reached", reached, "met",
			                                     hg_target_met(target)));
	}
	return all;
}

/* Under what the figures were taken. A load that is higher than the number of processors says that others worked too.
 */
static json_t *machine(void)
{
	struct utsname name;
	char line[256], processor[256] = "", date[32];
	double loads[1] = {0};
	time_t now = time(NULL);
	FILE *file = fopen("/proc/cpuinfo", "re");
	while (file && fgets(line, sizeof line, file) && sscanf(line, "model name : %255[^\n]", processor) != 1)
		;
	if (file)
		fclose(file);
	uname(&name);
	getloadavg(loads, 1);
	strftime(date, sizeof date, "%Y-%m-%d", gmtime(&now));
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:f, s:s, s:s}", "system", name.sysname, "release", name.release,
	                 "architecture", name.machine, "processor", processor, "processors",
	                 (int)sysconf(_SC_NPROCESSORS_ONLN), "load", loads[0], "libc", gnu_get_libc_version(), "date",
	                 date);
}

void hg_results_save(const char *path)
{
	json_t *all = json_pack("{s:i, s:o, s:o, s:o}", "version", 1, "machine", machine(), "series", all_series(),
	                        "targets", all_targets());
	if (!all || json_dump_file(all, path, JSON_INDENT(1) | JSON_REAL_PRECISION(8)) != 0)
		hg_die("%s cannot be written", path);
	json_decref(all);
}
