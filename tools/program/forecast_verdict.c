/* What the forecast comes to, from what the objects define and use. */
#include <stdio.h>
#include <stdlib.h>

#include "common/allocate.h"
#include "program/forecast_steps.h"

enum { MOST_NAMED = 8 };

/* Whether the same is to be said of two functions. */
static bool are_alike(const struct hg_forecast_function *one, const struct hg_forecast_function *other)
{
	return one->manifest == other->manifest && one->seen == other->seen && one->object == other->object &&
	       one->in_table == other->in_table && one->at_link == other->at_link;
}

/* "a, b, c and 4 more": the functions of a manifest of which the same is to be said, because of the same object. */
static char *name_alike(const struct hg_forecast *forecast, const struct hg_forecast_function *like, size_t *count)
{
	char *text = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&text, &length);

	*count = 0;
	if (!list)
		abort();
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (!are_alike(at, like))
			continue;
		if ((*count)++ < MOST_NAMED)
			fprintf(list, "%s%s", *count > 1 ? ", " : "", at->name);
	}
	if (*count > MOST_NAMED)
		fprintf(list, " and %zu more", *count - MOST_NAMED);
	fclose(list);
	return text;
}

static bool is_first_alike(const struct hg_forecast *forecast, const struct hg_forecast_function *function)
{
	const struct hg_forecast_function *at = forecast->functions;

	while (!are_alike(at, function))
		at = at->hh.next;
	return at == function;
}

static size_t count_functions(const struct hg_forecast *forecast, const char *manifest)
{
	size_t count = 0;

	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next)
		count += at->manifest == manifest;
	return count;
}

/* How all of these are reached together. */
static struct hg_elf_reached sum_alike(const struct hg_forecast *forecast, const struct hg_forecast_function *like)
{
	struct hg_elf_reached sum = {0};

	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (!are_alike(at, like))
			continue;
		sum.led += at->reached.led;
		sum.left += at->reached.left;
		sum.clones += at->reached.clones;
		sum.inlined += at->reached.inlined;
	}
	/* None of them is known, or all are. */
	sum.inlined = like->reached.inlined < 0 ? like->reached.inlined : sum.inlined;
	return sum;
}

/* What of it is reached past the guards, too. Words to be freed. */
static char *describe_reached(const struct hg_elf_reached *sum, bool hidden)
{
	char *text = NULL;
	size_t length = 0;
	FILE *words = open_memstream(&text, &length);

	if (!words)
		abort();
	if (hidden)
		fprintf(words, "; of %zu references to them outside the library %zu are led to guards",
		        sum->led + sum->left, sum->led);
	if (sum->inlined < 0)
		fprintf(words, "; without debugging information it is not known how often they are inlined");
	if (sum->inlined > 0)
		fprintf(words, "; inlined copies of them, which are not seen: %ld", sum->inlined);
	if (sum->clones > 0)
		fprintf(words, "; calls of copies that the compiler has made of them, which are not seen: %zu",
		        sum->clones);
	fclose(words);
	return text;
}

static void remark_by_caller(struct hg_forecast *forecast, const struct hg_forecast_function *like, size_t count,
                             size_t all)
{
	static const char approximate[] =
	    ", which in a file without a full symbol table or the names of source files in it, or where both "
	    "were compiled as one file, is approximate";
	struct hg_elf_reached sum = sum_alike(forecast, like);
	char *reached = like->counted ? describe_reached(&sum, like->hidden) : hg_format("%s", "");
	bool whole = !like->by_place && (!like->hidden || !sum.left) && sum.inlined <= 0 && !sum.clones;

	hg_forecast_remark(forecast, whole ? HG_REMARK_OK : HG_REMARK_NOTE, "functions",
	                   "%s: %s has %zu of %zu functions linked in, whose calls will be seen: they are told from "
	                   "the library's own by who calls%s%s",
	                   like->manifest, like->object, count, all, like->by_place ? approximate : "", reached);
	free(reached);
}

static void remark_seen(struct hg_forecast *forecast, const struct hg_forecast_function *like, size_t count, size_t all)
{
	if (like->at_link)
		hg_forecast_remark(
		    forecast, like->by_place ? HG_REMARK_NOTE : HG_REMARK_OK, "functions",
		    "%s: %s was linked with wrappers for %zu of %zu functions, whose calls will be seen%s",
		    like->manifest, like->object, count, all,
		    like->by_place ? "; as it is stripped, those that the library itself makes on threads "
		                     "of its own are taken for the program's"
		                   : "");
	else if (like->by_caller)
		remark_by_caller(forecast, like, count, all);
	else if (like->in_table)
		hg_forecast_remark(forecast, HG_REMARK_OK, "functions",
		                   "%s: %s hands out %zu of %zu functions in tables, whose calls will be seen",
		                   like->manifest, like->object, count, all);
	else
		hg_forecast_remark(forecast, HG_REMARK_OK, "functions",
		                   "%s: %s defines %zu of %zu functions, whose calls will be seen", like->manifest,
		                   like->object, count, all);
}

static void remark_alike(struct hg_forecast *forecast, const struct hg_forecast_function *like)
{
	size_t count, all = count_functions(forecast, like->manifest);
	char *names = name_alike(forecast, like, &count);

	switch (like->seen) {
	case HG_SEEN_YES:
		remark_seen(forecast, like, count, all);
		break;
	case HG_SEEN_NOT_PROGRAM:
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "functions",
		                   "%s: the program %s defines %zu of %zu functions itself, whose calls will not be "
		                   "seen: %s",
		                   like->manifest, like->object, count, all, names);
		break;
	case HG_SEEN_NOT_LINKED_IN:
		hg_forecast_remark(forecast, HG_REMARK_PROBLEM, "functions",
		                   "%s: %s has %zu of %zu functions linked in, and its calls of them will not be seen: "
		                   "%s",
		                   like->manifest, like->object, count, all, names);
		break;
	case HG_SEEN_ABSENT:
		hg_forecast_remark_absent(forecast, like, count, all);
		break;
	default:
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "functions",
		                   "%s: no library that is loaded at the start defines %zu of %zu functions: %s",
		                   like->manifest, count, all, names);
	}
	free(names);
}

static void remark_copies(struct hg_forecast *forecast)
{
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (at->copies < 2)
			continue;
		hg_forecast_remark(forecast, HG_REMARK_NOTE, "functions", "%s: %zu objects define %s; the first is %s",
		                   at->manifest, at->copies, at->name, at->object);
		return;
	}
}

static void remark_company(struct hg_forecast *forecast)
{
	if (forecast->sanitizer)
		hg_forecast_remark(forecast, HG_REMARK_OK, "command", "it is built with %s, beside which guards work",
		                   forecast->sanitizer);
	if (forecast->filters)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "command",
		    "it can install a seccomp filter (%s): one that kills has to allow what guards call, as "
		    "CONTRIBUTING.md lists it under Sandboxes, or the program will be ended",
		    forecast->filters);
}

static void remark_later(struct hg_forecast *forecast)
{
	if (forecast->loads)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "loader",
		    "it can load more libraries while it runs (%s): what they define is seen too, unless "
		    "they are loaded into a namespace of their own (dlmopen)",
		    forecast->loads);
	if (forecast->starts)
		hg_forecast_remark(
		    forecast, HG_REMARK_NOTE, "loader",
		    "it can start other programs (%s): these are guarded too, unless they are statically "
		    "linked, of another kind or started without LD_PRELOAD; run says which were not",
		    forecast->starts);
}

/* What is linked into it, nobody sees. */
static void remark_stripped(struct hg_forecast *forecast)
{
	const struct hg_forecast_function *at = forecast->functions;

	while (at && at->seen != HG_SEEN_LATER)
		at = at->hh.next;
	if (at && forecast->stripped_go)
		hg_forecast_remark(
		    forecast, HG_REMARK_PROBLEM, "functions",
		    "%s is a Go program without symbols, as go test makes them: if the library is linked into it, "
		    "build it with -ldflags='-s=false -w=false' (handleguard go does), and its calls are seen",
		    forecast->load_list.program);
}

static void remark_functions(struct hg_forecast *forecast)
{
	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next) {
		if (is_first_alike(forecast, at))
			remark_alike(forecast, at);
	}
	remark_stripped(forecast);
	hg_forecast_remark_unnamed(forecast);
	remark_copies(forecast);
	remark_company(forecast);
	remark_later(forecast);
}

/* Of a manifest of whose functions no call will be seen. */
static const char *why_none(const struct hg_forecast *forecast, const size_t *counts, enum hg_forecast_verdict *verdict)
{
	*verdict = HG_FORECAST_NOTHING;
	if (counts[HG_SEEN_LATER] + counts[HG_SEEN_ABSENT] > 0 && (forecast->loads || forecast->starts)) {
		*verdict = HG_FORECAST_UNKNOWN;
		return "no library that the program loads at its start defines the functions; those that it loads "
		       "later, and the programs that it starts, are not known";
	}
	if (counts[HG_SEEN_NOT_PROGRAM] > 0)
		return "the program defines the functions itself, so that its calls pass the guards by";
	if (counts[HG_SEEN_NOT_LINKED_IN] > 0)
		return "the functions are linked into a library that uses them, so that its calls pass the guards by";
	return "no library of the program defines the functions, and it cannot load others";
}

static char *why_some(const struct hg_forecast *forecast, const size_t *counts, const char *manifest)
{
	const struct hg_forecast_function *missing = forecast->functions;
	size_t all = count_functions(forecast, manifest), count;

	while (missing &&
	       (missing->manifest != manifest || (missing->seen != HG_SEEN_LATER && missing->seen != HG_SEEN_ABSENT)))
		missing = missing->hh.next;
	if (!missing)
		return hg_format("calls of %zu of the %zu functions will be seen", counts[HG_SEEN_YES], all);
	char *names = name_alike(forecast, missing, &count);
	char *why =
	    hg_format("calls of %zu of the %zu functions will be seen; no library that is loaded at the start has %s",
	              counts[HG_SEEN_YES], all, names);
	free(names);
	return why;
}

/* The verdict on one manifest, in words to be freed. */
static char *judge_manifest(const struct hg_forecast *forecast, const char *manifest, enum hg_forecast_verdict *verdict)
{
	size_t counts[HG_SEEN_COUNT] = {0};

	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next)
		counts[at->seen] += at->manifest == manifest;
	*verdict = HG_FORECAST_COVERED;
	char *why = counts[HG_SEEN_YES] > 0 ? why_some(forecast, counts, manifest)
	                                    : hg_format("%s", why_none(forecast, counts, verdict));
	if (forecast->manifest_count == 1)
		return why;
	char *named = hg_format("%s: %s", manifest, why);
	free(why);
	return named;
}

/* "Cannot tell" is worse than "will be seen", and "nothing will be seen" is worst. */
static bool is_worse(enum hg_forecast_verdict one, enum hg_forecast_verdict other)
{
	static const int badness[] = {[HG_FORECAST_COVERED] = 0, [HG_FORECAST_UNKNOWN] = 1, [HG_FORECAST_NOTHING] = 2};

	return badness[one] > badness[other];
}

/* The verdict on all manifests is that on the worst of them. */
static void judge_functions(struct hg_forecast *forecast)
{
	for (size_t i = 0; i < forecast->manifest_count; i++) {
		enum hg_forecast_verdict verdict;
		char *why = judge_manifest(forecast, forecast->manifests[i], &verdict);
		if (i == 0 || is_worse(verdict, forecast->verdict))
			hg_forecast_judge(forecast, verdict, "%s", why);
		free(why);
	}
}

void hg_forecast_conclude(struct hg_forecast *forecast)
{
	remark_functions(forecast);
	judge_functions(forecast);
}
