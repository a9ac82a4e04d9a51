/* The report as a page: what the JSON report tells, folded, and what only people need besides. */
#include <stdlib.h>
#include <utlist.h>

#include "report/describe/merge.h"
#include "report/describe/reach.h"
#include "report/describe/rest.h"
#include "report/model/names.h"
#include "report/page/fold.h"
#include "report/page/page.h"
#include "report/print/json.h"
#include "report/print/print.h"

static json_t *headline_json(struct hg_model *model)
{
	static const struct hg_paint plain = {.on = false};
	char *text = NULL;
	size_t length = 0;
	FILE *line = open_memstream(&text, &length);

	if (!line)
		return json_null();
	hg_print_headline(line, model, &plain, NULL);
	fclose(line);
	json_t *headline = json_stringn(text, length > 0 ? length - 1 : 0);
	free(text);
	return headline;
}

static json_t *kinds_json(void)
{
	json_t *kinds = json_object();

	for (int kind = 0; kind < HG_KIND_COUNT; kind++)
		json_object_set_new(kinds, hg_kind_name(kind), json_string(hg_kind_meaning(kind)));
	return kinds;
}

static json_t *counters_json(void)
{
	json_t *counters = json_object();

	for (int i = 0; i < HG_COUNTER_COUNT; i++)
		json_object_set_new(counters, hg_counter_name(i), json_string(hg_counter_meaning(i)));
	return counters;
}

/* All recordings as one; null: there is none. */
static json_t *together_json(struct hg_model *model)
{
	if (!model->recordings)
		return json_null();
	const struct hg_recording *all = hg_merged_recordings(model);
	const char *why = all->calls == 0 ? hg_why_uncovered(model, all, NULL) : NULL;
	return json_pack("{s:o, s:o, s:I, s:s?}", "coverage", hg_json_coverage(all), "handles", hg_json_handles(all),
	                 "calls", (json_int_t)all->calls, "why_uncovered", why);
}

static json_t *page_json(struct hg_model *model, const struct hg_report_options *options)
{
	return json_pack("{s:s, s:o, s:s?, s:o, s:o, s:o}", "version", HG_VERSION, "headline", headline_json(model),
	                 "source_root", options->source_root, "kinds", kinds_json(), "counters", counters_json(),
	                 "together", together_json(model));
}

static void print_recordings(FILE *data, struct hg_fold *fold)
{
	struct hg_recording *recording;
	const char *before = "";

	fputs("\"recordings\": [", data);
	DL_FOREACH(fold->model->recordings, recording) {
		hg_wake(fold->model, recording);
		fprintf(data, "%s%zu", before, hg_fold(fold, hg_json_recording(fold->model, recording)));
		hg_rest_again(fold->model, recording);
		before = ",";
	}
	fputs("],\n", data);
}

static void print_findings(FILE *data, struct hg_fold *fold)
{
	const char *before = "";

	fputs("\"findings\": [", data);
	for (const struct hg_group *group = fold->model->groups; group; group = group->hh.next) {
		fprintf(data, "%s%zu", before, hg_fold(fold, hg_json_finding(fold->model, group)));
		before = ",";
	}
	fputs("],\n", data);
}

void hg_print_html(FILE *out, struct hg_model *model, const struct hg_report_options *options)
{
	struct hg_fold fold = {.model = model};
	FILE *data = hg_page_begin(out);

	if (!data)
		return;
	fputc('{', data);
	fprintf(data, "\"report\": %zu,\n", hg_fold(&fold, hg_json_report(model, json_array(), json_array())));
	fprintf(data, "\"page\": %zu,\n", hg_fold(&fold, page_json(model, options)));
	print_recordings(data, &fold);
	print_findings(data, &fold);
	hg_fold_print(data, &fold);
	fputc('}', data);
	hg_page_end(out, data);
	hg_fold_drop(&fold);
}
