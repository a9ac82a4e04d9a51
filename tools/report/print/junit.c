/* JUnit's XML, beside what the test runner writes itself: a case for each test that a finding belongs to, and one for
 * each class of handles that were met, which has what belongs to no test; a manifest of whose functions none was called
 * is a case that was skipped. Findings below the level that fails a run are output of their case. */
#include <inttypes.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "report/describe/advice.h"
#include "report/describe/merge.h"
#include "report/describe/reach.h"
#include "report/describe/story.h"
#include "report/model/names.h"
#include "report/print/path.h"
#include "report/print/print.h"
#include "report/print/side.h"

struct junit {
	FILE *out;
	struct hg_model *model;
	const struct hg_report_options *options;
	struct junit_case *cases; /* table, in the order of the report */
};

struct case_finding {
	struct case_finding *prev, *next;
	const struct hg_group *group;
};

struct junit_case {
	const char *key;  /* kind and name */
	const char *kind; /* "tests", "classes" or "manifests" */
	const char *name;
	const char *unseen;                        /* of a manifest: why no function of it was called */
	struct case_finding *failures, *tolerated; /* lists, gravest first */
	UT_hash_handle hh;
};

/* ---- XML ---- */

/* The model's texts have no control characters but those of the command line, which is not told here. */
static void escape(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else
			fputc(*text, out);
}

static void print_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	escape(out, value);
	fputc('"', out);
}

/* ---- Findings ---- */

static bool fails(const struct junit *junit, const struct hg_group *group)
{
	return !hg_is_accepted(group) && hg_kind_fails(group->kind, group->level, junit->options->fail_on);
}

static void print_side(const struct junit *junit, const struct hg_side *side)
{
	const struct hg_resolved_frame *line = hg_user_line(side->call);

	escape(junit->out, hg_model_printf(junit->model, "%s: %s in %s", side->what,
	                                   side->call->function ? side->call->function : "an unknown function",
	                                   hg_thread_text(junit->model, side->call)));
	if (line)
		escape(junit->out, hg_model_printf(junit->model, ", %s:%d",
		                                   hg_path_in_source(line->file, junit->options), line->line));
	fputc('\n', junit->out);
}

static void print_finding(const struct junit *junit, const struct hg_group *group)
{
	struct hg_side sides[HG_MOST_SIDES];
	size_t count = hg_sides(group->resolved, sides);

	escape(junit->out, hg_finding_title(junit->model, group));
	fputc('\n', junit->out);
	hg_print_count(junit->out, group->count, "time", "times");
	fprintf(junit->out, ", fingerprint %016" PRIx64 "\n", group->fingerprint);
	escape(junit->out, hg_story(junit->model, group->resolved));
	fputc('\n', junit->out);
	for (size_t i = 0; i < count; i++)
		print_side(junit, &sides[i]);
	fputs("Fix: ", junit->out);
	escape(junit->out, group->advice->fix);
	fputc('\n', junit->out);
}

static void print_findings(const struct junit *junit, const struct case_finding *findings)
{
	const struct case_finding *finding;

	DL_FOREACH(findings, finding)
		print_finding(junit, finding->group);
}

/* ---- Cases ---- */

/* Of which nothing counts: what is said of the first that was accepted. Null: the case counts. */
static const char *why_skipped(const struct junit *junit, const struct junit_case *where)
{
	const struct case_finding *finding;

	if (where->unseen || where->failures)
		return where->unseen;
	DL_FOREACH(where->tolerated, finding)
		if (hg_is_accepted(finding->group))
			return finding->group->suppressed
			           ? hg_model_printf(junit->model, "accepted: %s", finding->group->suppressed->reason)
			           : "known: it is in the baseline";
	return NULL;
}

static void print_case(const struct junit *junit, const struct junit_case *where)
{
	fputs("    <testcase", junit->out);
	print_attribute(junit->out, "classname", hg_model_printf(junit->model, "handleguard.%s", where->kind));
	print_attribute(junit->out, "name", where->name);
	fputs(">\n", junit->out);
	if (where->failures) {
		const struct hg_group *gravest = where->failures->group;
		fputs("      <failure", junit->out);
		print_attribute(junit->out, "type", hg_kind_name(gravest->kind));
		print_attribute(junit->out, "message", hg_finding_title(junit->model, gravest));
		fputc('>', junit->out);
		print_findings(junit, where->failures);
		fputs("</failure>\n", junit->out);
	}
	const char *skipped = why_skipped(junit, where);
	if (skipped) {
		fputs("      <skipped", junit->out);
		print_attribute(junit->out, "message", skipped);
		fputs("/>\n", junit->out);
	}
	if (where->tolerated) {
		fputs("      <system-out>", junit->out);
		print_findings(junit, where->tolerated);
		fputs("</system-out>\n", junit->out);
	}
	fputs("    </testcase>\n", junit->out);
}

static struct junit_case *get_case(struct junit *junit, const char *kind, const char *name)
{
	const char *key = hg_model_printf(junit->model, "%s %s", kind, name);
	struct junit_case *found;

	HASH_FIND_STR(junit->cases, key, found);
	if (found)
		return found;
	found = hg_model_take(junit->model, sizeof(*found));
	*found = (struct junit_case){.key = key, .kind = kind, .name = name};
	HASH_ADD_KEYPTR(hh, junit->cases, found->key, strlen(key), found);
	return found;
}

static void add_finding(struct junit *junit, struct junit_case *where, const struct hg_group *group)
{
	struct case_finding *finding = hg_model_take(junit->model, sizeof(*finding));

	finding->group = group;
	if (fails(junit, group))
		DL_APPEND(where->failures, finding);
	else
		DL_APPEND(where->tolerated, finding);
}

static void add_tests(struct junit *junit)
{
	for (const struct hg_group *group = junit->model->groups; group; group = group->hh.next) {
		const char *test = hg_finding_test(group->resolved);
		if (test)
			add_finding(junit, get_case(junit, "tests", test), group);
	}
}

static void add_classes(struct junit *junit, const struct hg_recording *all)
{
	for (size_t i = 0; i < all->class_count; i++)
		if (all->classes[i].created + all->classes[i].adopted > 0)
			get_case(junit, "classes", all->classes[i].name);
	for (const struct hg_group *group = junit->model->groups; group; group = group->hh.next)
		if (!hg_finding_test(group->resolved))
			add_finding(junit, get_case(junit, "classes", group->class), group);
}

/* Functions of one manifest stand together. */
static void add_uncovered(struct junit *junit, const struct hg_recording *all)
{
	const char *last = "";

	for (size_t i = 0; i < all->coverage_count; i++) {
		const char *manifest = all->coverage[i].manifest;
		if (*manifest == '\0' || strcmp(manifest, last) == 0)
			continue;
		last = manifest;
		const char *why = hg_why_uncovered(junit->model, all, manifest);
		if (why)
			get_case(junit, "manifests", manifest)->unseen = why;
	}
}

static void add_cases(struct junit *junit)
{
	const struct hg_recording *all = hg_merged_recordings(junit->model);

	add_tests(junit);
	add_classes(junit, all);
	add_uncovered(junit, all);
}

void hg_print_junit(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	struct junit junit = {.out = out, .model = model, .options = options};
	size_t failures = 0, skipped = 0;

	if (model->recordings)
		add_cases(&junit);
	for (const struct junit_case *each = junit.cases; each; each = each->hh.next) {
		failures += each->failures != NULL;
		skipped += why_skipped(&junit, each) != NULL;
	}
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	fprintf(out, "  <testsuite name=\"handleguard\" tests=\"%u\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
	        HASH_COUNT(junit.cases), failures, skipped);
	for (const struct junit_case *each = junit.cases; each; each = each->hh.next)
		print_case(&junit, each);
	fputs("  </testsuite>\n</testsuites>\n", out);
	HASH_CLEAR(hh, junit.cases);
}
