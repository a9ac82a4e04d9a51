/* JUnit's XML, beside what the test runner writes itself: a case for each test that a finding belongs to, and one for
 * each class of handles that were met, which has what belongs to no test; a manifest of whose functions none was called
 * is a case that was skipped. Findings below the level that fails a run are output of their case. */
#include <inttypes.h>
#include <string.h>

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
};

/* A test, a class of handles, or a manifest: the others are null. */
struct junit_case {
	const char *test;
	const char *class;
	const char *manifest;
	const char *unseen; /* of a manifest: why no function of it was called */
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
	return hg_kind_level(group->kind) >= junit->options->fail_on;
}

static bool belongs_to(const struct hg_group *group, const struct junit_case *where)
{
	const char *test = hg_finding_test(group->resolved);

	if (where->test)
		return test && strcmp(test, where->test) == 0;
	return where->class && !test && strcmp(group->class, where->class) == 0;
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
	fprintf(junit->out, "\n%" PRIu64 " times, fingerprint %016" PRIx64 "\n", group->count, group->fingerprint);
	escape(junit->out, hg_story(junit->model, group->resolved));
	fputc('\n', junit->out);
	for (size_t i = 0; i < count; i++)
		print_side(junit, &sides[i]);
	fputs("Fix: ", junit->out);
	escape(junit->out, group->advice->fix);
	fputc('\n', junit->out);
}

static void print_findings(const struct junit *junit, const struct junit_case *where, bool failing)
{
	for (const struct hg_group *group = junit->model->groups; group; group = group->hh.next)
		if (belongs_to(group, where) && fails(junit, group) == failing)
			print_finding(junit, group);
}

/* The gravest of the case's findings of which the run fails, or does not; null: there is none. */
static const struct hg_group *first_of(const struct junit *junit, const struct junit_case *where, bool failing)
{
	const struct hg_group *group = junit->model->groups;

	while (group && !(belongs_to(group, where) && fails(junit, group) == failing))
		group = group->hh.next;
	return group;
}

/* ---- Cases ---- */

static void print_case(const struct junit *junit, const struct junit_case *where)
{
	const struct hg_group *failure = first_of(junit, where, true);
	const char *skipped = failure ? NULL : where->unseen;

	fputs("    <testcase", junit->out);
	print_attribute(junit->out, "classname",
	                where->test    ? "handleguard.tests"
	                : where->class ? "handleguard.classes"
	                               : "handleguard.manifests");
	print_attribute(junit->out, "name", where->test ? where->test : where->class ? where->class : where->manifest);
	fputs(">\n", junit->out);
	if (failure) {
		fputs("      <failure", junit->out);
		print_attribute(junit->out, "type", hg_kind_name(failure->kind));
		print_attribute(junit->out, "message", hg_finding_title(junit->model, failure));
		fputc('>', junit->out);
		print_findings(junit, where, true);
		fputs("</failure>\n", junit->out);
	}
	if (skipped) {
		fputs("      <skipped", junit->out);
		print_attribute(junit->out, "message", skipped);
		fputs("/>\n", junit->out);
	}
	if (first_of(junit, where, false)) {
		fputs("      <system-out>", junit->out);
		print_findings(junit, where, false);
		fputs("</system-out>\n", junit->out);
	}
	fputs("    </testcase>\n", junit->out);
}

/* Whether a group before this one has the same test. */
static bool is_told(const struct hg_model *model, const struct hg_group *group, const char *test)
{
	const struct hg_group *before = model->groups;

	for (; before != group; before = before->hh.next) {
		const char *other = hg_finding_test(before->resolved);
		if (other && strcmp(other, test) == 0)
			return true;
	}
	return false;
}

/* Functions of one manifest stand together. */
static void add_uncovered(const struct junit *junit, const struct hg_recording *all, struct junit_case *cases,
                          size_t *count)
{
	const char *last = "";

	for (size_t i = 0; i < all->coverage_count; i++) {
		const char *manifest = all->coverage[i].manifest;
		if (*manifest == '\0' || strcmp(manifest, last) == 0)
			continue;
		last = manifest;
		const char *why = hg_why_uncovered(junit->model, all, manifest);
		if (why)
			cases[(*count)++] = (struct junit_case){.manifest = manifest, .unseen = why};
	}
}

static bool has_finding(const struct hg_model *model, const char *class)
{
	const struct hg_group *group = model->groups;

	while (group && strcmp(group->class, class) != 0)
		group = group->hh.next;
	return group;
}

static size_t list_cases(const struct junit *junit, struct junit_case **cases)
{
	const struct hg_recording *all = hg_merge_recordings(junit->model);
	size_t most = HASH_COUNT(junit->model->groups) + all->class_count + all->coverage_count + 1, count = 0;

	*cases = hg_model_take(junit->model, most * sizeof(**cases));
	for (const struct hg_group *group = junit->model->groups; group; group = group->hh.next) {
		const char *test = hg_finding_test(group->resolved);
		if (test && !is_told(junit->model, group, test))
			(*cases)[count++] = (struct junit_case){.test = test};
	}
	for (size_t i = 0; i < all->class_count; i++) {
		const struct hg_resolved_class *class = &all->classes[i];
		if (class->created + class->adopted > 0 || has_finding(junit->model, class->name))
			(*cases)[count++] = (struct junit_case){.class = class->name};
	}
	add_uncovered(junit, all, *cases, &count);
	return count;
}

void hg_print_junit(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	const struct junit junit = {out, model, options};
	struct junit_case *cases = NULL;
	size_t count = model->recordings ? list_cases(&junit, &cases) : 0, failures = 0, skipped = 0;

	for (size_t i = 0; i < count; i++) {
		bool failed = first_of(&junit, &cases[i], true);
		failures += failed;
		skipped += !failed && cases[i].unseen;
	}
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	fprintf(out, "  <testsuite name=\"handleguard\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
	        count, failures, skipped);
	for (size_t i = 0; i < count; i++)
		print_case(&junit, &cases[i]);
	fputs("  </testsuite>\n</testsuites>\n", out);
}
