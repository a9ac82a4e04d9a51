/* How the manifests fit the libraries that the program loads at its start: what a library lacks, and what of it the
 * program uses that its manifest does not name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/elf/exports.h"
#include "program/elf/unnamed.h"
#include "program/forecast_steps.h"

enum { MOST_NAMED = 8 };

static bool is_named(const void *context, const char *function)
{
	const struct hg_forecast *forecast = context;
	struct hg_forecast_function *known;

	HASH_FIND_STR(forecast->functions, function, known);
	return known;
}

static void name_absent(const struct hg_forecast *forecast, const struct hg_forecast_function *like, FILE *list)
{
	struct hg_exports exports;
	size_t count = 0;

	hg_exports_read(&exports, like->object, NULL);
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (at->seen != HG_SEEN_ABSENT || at->manifest != like->manifest || ++count > MOST_NAMED)
			continue;
		fputs(count > 1 ? ", " : "", list);
		hg_exports_print_meant(&exports, at->name, is_named, forecast, list);
	}
	if (count > MOST_NAMED)
		fprintf(list, " and %zu more", count - MOST_NAMED);
	hg_exports_drop(&exports);
}

void hg_forecast_remark_absent(struct hg_forecast *forecast, const struct hg_forecast_function *like, size_t count,
                               size_t all)
{
	char *names = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&names, &length);

	if (!list)
		abort();
	name_absent(forecast, like, list);
	fclose(list);
	hg_forecast_remark(
	    forecast, HG_REMARK_PROBLEM, "functions",
	    "%s: %s, which it is for, lacks %zu of %zu functions: %s; say 'since' or 'optional' there of "
	    "what only other versions have",
	    like->manifest, like->object, count, all, names);
	free(names);
}

static void remark_unnamed(struct hg_forecast *forecast, size_t manifest)
{
	const struct hg_load_list *loaded = &forecast->load_list;
	struct hg_unnamed *table = hg_unnamed_find(&(struct hg_unnamed_question){
	    (const char *const *)loaded->objects, loaded->object_count, forecast->patterns[manifest],
	    forecast->unguarded[manifest], is_named, forecast});
	size_t count = HASH_COUNT(table), told = 0;
	char *names = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&names, &length);

	if (!list)
		abort();
	for (const struct hg_unnamed *at = table; at && told < MOST_NAMED; at = at->hh.next)
		fprintf(list, "%s%s", told++ > 0 ? ", " : "", at->function);
	if (count > told)
		fprintf(list, " and %zu more", count - told);
	fclose(list);
	if (count > 0)
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "functions",
		                   "%s: the program uses functions of %s that the manifest does not name, %zu: %s",
		                   forecast->manifests[manifest], loaded->objects[table->library], count, names);
	free(names);
	hg_unnamed_drop(table);
}

void hg_forecast_remark_unnamed(struct hg_forecast *forecast)
{
	for (size_t i = 0; i < forecast->manifest_count; i++)
		remark_unnamed(forecast, i);
}
