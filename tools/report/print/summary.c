/* The text report in short: a line for each finding. */
#include <inttypes.h>

#include "report/model/names.h"
#include "report/print/path.h"
#include "report/print/print.h"
#include "report/print/side.h"

/* "accepted: why" or "known before"; null: it counts. */
static const char *why_accepted(struct hg_model *model, const struct hg_group *group)
{
	if (group->suppressed)
		return hg_model_printf(model, "accepted: %s", group->suppressed->reason);
	return group->known ? "known before" : NULL;
}

/* "error: late-free of net: net_close against net_use, 12 times, at close_all in server.c:34, fingerprint 5fa3..." */
static void print_group(FILE *out, struct hg_model *model, const struct hg_paint *paint, const struct hg_group *group,
                        const struct hg_report_options *options)
{
	const struct hg_resolved_frame *line = hg_finding_line(group->resolved);
	const char *accepted = why_accepted(model, group);

	fprintf(out, "%s%s%s: %s, ", hg_paint(paint, accepted ? HG_PLAIN : hg_level_colour(group->level)),
	        hg_level_name(group->level), hg_paint(paint, HG_PLAIN), hg_finding_title(model, group));
	hg_print_count(out, group->count, "time", "times");
	if (line)
		fprintf(out, ", at %s:%d", hg_path_in_source(line->file, options), line->line);
	fprintf(out, ", fingerprint %016" PRIx64, group->fingerprint);
	if (accepted)
		fprintf(out, " (%s)", accepted);
	fputc('\n', out);
}

void hg_print_summary(FILE *out, struct hg_model *model, const struct hg_paint *paint,
                      const struct hg_report_options *options)
{
	for (const struct hg_group *group = model->groups; group; group = group->hh.next) {
		void *mark = hg_model_mark(model);
		print_group(out, model, paint, group, options);
		hg_model_forget(model, mark);
	}
}
