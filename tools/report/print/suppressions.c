/* A draft of suppressions for the findings that count. It is refused until somebody has written why they are accepted.
 */
#include <inttypes.h>

#include "report/model/names.h"
#include "report/print/path.h"
#include "report/print/print.h"
#include "report/print/side.h"

/* In quotes, whatever stands in it. */
static void print_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, "    %s: '", key);
	for (; *text != '\0'; text++)
		fputs(*text == '\'' ? "''" : (const char[]){*text, '\0'}, out);
	fputs("'\n", out);
}

static void print_finding(FILE *out, struct hg_model *model, const struct hg_group *group,
                          const struct hg_report_options *options)
{
	const struct hg_resolved_frame *line = hg_finding_line(group->resolved);
	const char *test = hg_finding_test(group->resolved);

	fprintf(out, "\n\n  # %s", hg_finding_title(model, group));
	if (line)
		fprintf(out, ", %s:%d", hg_path_in_source(line->file, options), line->line);
	fprintf(out, "\n  - fingerprint: '%016" PRIx64 "'\n    kind: %s\n", group->fingerprint,
	        hg_kind_name(group->kind));
	print_text(out, "class", group->class);
	if (test)
		fprintf(out, "    # test: %s\n", test);
	fputs("    reason:", out);
}

void hg_print_suppressions(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	bool any = false;

	fputs("# Write a reason behind each \"reason:\", or fix the race and take its entry out.\n"
	      "handleguard: 1\n"
	      "suppressions:",
	      out);
	for (const struct hg_group *group = model->groups; group && !hg_is_accepted(group); group = group->hh.next) {
		if (!hg_kind_fails(group->kind, group->level, options->fail_on))
			continue;
		print_finding(out, model, group, options);
		any = true;
	}
	fputs(any ? "\n" : " []\n", out);
}
