#include "report/print/formats.h"

#include <stdio.h>
#include <string.h>

const struct hg_report_format_entry hg_report_formats[HG_REPORT_FORMATS] = {
    [HG_REPORT_TEXT] = {"text", "for people", hg_print_text},
    [HG_REPORT_JSON] = {"json", "for programs, as report.schema.json describes it", hg_print_json},
    [HG_REPORT_NDJSON] = {"ndjson", "for data bases: a line for each recording, and for each finding in it",
                          hg_print_ndjson},
    [HG_REPORT_SARIF] = {"sarif", "for code scanning: SARIF 2.1.0", hg_print_sarif},
    [HG_REPORT_JUNIT] = {"junit", "for test dashboards: JUnit's XML", hg_print_junit},
    [HG_REPORT_GITHUB] = {"github", "annotations for the log of a GitHub workflow", hg_print_github},
    [HG_REPORT_HTML] = {"html", "for people: one page, which a browser shows without a network", hg_print_html},
    [HG_REPORT_SUPPRESSIONS] = {"suppressions", "a draft of suppressions for what counts", hg_print_suppressions},
    [HG_REPORT_TRACE] = {"trace", "a time line for Perfetto, as trace.schema.json describes it", hg_print_trace},
};

const char *hg_report_format_names(void)
{
	static char names[128];
	size_t length = 0;

	for (size_t i = 0; i < HG_REPORT_FORMATS; i++)
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s", i > 0 ? "|" : "",
		                           hg_report_formats[i].name);
	return names;
}

bool hg_report_target_read(const char *program, const char *text, enum hg_report_format bare,
                           struct hg_report_target *target)
{
	const char *path = text;

	target->format = bare;
	for (int i = 0; i < HG_REPORT_FORMATS; i++) {
		size_t length = strlen(hg_report_formats[i].name);
		if (strncmp(text, hg_report_formats[i].name, length) == 0 && text[length] == ':') {
			target->format = (enum hg_report_format)i;
			path = text + length + 1;
		}
	}
	if (*path == '\0') {
		fprintf(
		    stderr,
		    "%s: a report is to go to '%s', which names no file; write FORMAT:FILE, or - for standard output\n",
		    program, text);
		return false;
	}
	target->path = path;
	return true;
}
