/* Annotations that a GitHub workflow takes from its log: one line a finding, at the user's file and line.
 * The format: "Workflow commands for GitHub Actions", docs.github.com. */
#include <inttypes.h>
#include <string.h>

#include "report/describe/advice.h"
#include "report/describe/story.h"
#include "report/model/names.h"
#include "report/print/path.h"
#include "report/print/print.h"
#include "report/print/side.h"

static void escape(FILE *out, const char *text, const char *special)
{
	for (; *text != '\0'; text++)
		if (strchr(special, *text))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
}

static void print_property(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=", name);
	escape(out, value, "%\r\n:,");
}

static const char *command_of(enum hg_level level)
{
	return level == HG_LEVEL_ERROR ? "error" : level == HG_LEVEL_WARNING ? "warning" : "notice";
}

static void print_finding(FILE *out, struct hg_model *model, const struct hg_group *group,
                          const struct hg_report_options *options)
{
	const struct hg_resolved_frame *line = hg_finding_line(group->resolved);
	const char *test = hg_finding_test(group->resolved);

	fprintf(out, "::%s ", command_of(group->level));
	if (line) {
		print_property(out, "file", hg_path_in_source(line->file, options));
		fprintf(out, ",line=%d,", line->line);
	}
	print_property(out, "title", hg_finding_title(model, group));
	fputs("::", out);
	const char *words = hg_model_printf(model, "%s\n%s\nFix: %s", hg_story(model, group->resolved),
	                                    hg_consequence(group->resolved), group->advice->fix);
	if (test)
		words = hg_model_printf(model, "Test: %s\n%s", test, words);
	words = hg_model_printf(model, "%s\nFingerprint: %016" PRIx64, words, group->fingerprint);
	escape(out, words, "%\r\n");
	fputc('\n', out);
}

void hg_print_github(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	for (const struct hg_group *group = model->groups; group && !hg_is_accepted(group); group = group->hh.next)
		print_finding(out, model, group, options);
}
