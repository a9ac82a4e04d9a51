#include "doctor/answer.h"

#include <jansson.h>

#include "common/typeset.h"

static const char *verdict_name(enum hg_forecast_verdict verdict)
{
	return verdict == HG_FORECAST_COVERED ? "covered" : verdict == HG_FORECAST_NOTHING ? "nothing" : "unknown";
}

static const char *level_name(enum hg_remark_level level)
{
	return level == HG_REMARK_OK ? "ok" : level == HG_REMARK_NOTE ? "note" : "problem";
}

static const char *verdict_words(enum hg_forecast_verdict verdict)
{
	return verdict == HG_FORECAST_COVERED   ? "Will be covered"
	       : verdict == HG_FORECAST_NOTHING ? "NOTHING will be covered"
	                                        : "Cannot tell";
}

void hg_answer_print_text(FILE *out, const struct hg_forecast *forecast)
{
	for (size_t i = 0; i < forecast->remark_count; i++) {
		int at = fprintf(out, "%-8s ", level_name(forecast->remarks[i].level));
		hg_print_paragraph(out, forecast->remarks[i].text, at, at);
	}
	int at = fprintf(out, "%s: ", verdict_words(forecast->verdict));
	hg_print_paragraph(out, forecast->why, at, 2);
}

static const char *seen_name(enum hg_seen seen)
{
	static const char *const names[HG_SEEN_COUNT] = {[HG_SEEN_LATER] = "not-loaded",
	                                                 [HG_SEEN_ABSENT] = "absent",
	                                                 [HG_SEEN_YES] = "seen",
	                                                 [HG_SEEN_NOT_LINKED_IN] = "linked-in",
	                                                 [HG_SEEN_NOT_PROGRAM] = "in-executable"};

	return names[seen];
}

/* Paths need not be text. */
static json_t *text(const char *string)
{
	json_t *value = string ? json_string(string) : json_null();

	return value ? value : json_string("?");
}

static json_t *number(bool known, size_t number)
{
	return known ? json_integer((json_int_t)number) : json_null();
}

/* How one is reached whose library is linked in. */
static json_t *linked_json(const struct hg_forecast_function *function)
{
	const struct hg_elf_reached *reached = &function->reached;

	if (!function->counted)
		return json_null();
	return json_pack(
	    "{s:o, s:o, s:o, s:i, s:b}", "references", number(function->hidden, reached->led + reached->left), "led",
	    number(function->hidden, reached->led), "inlined", number(reached->inlined >= 0, (size_t)reached->inlined),
	    "clones", (int)reached->clones, "approximate", reached->nearly);
}

static json_t *functions_json(const struct hg_forecast *forecast)
{
	json_t *list = json_array();

	for (const struct hg_forecast_function *at = forecast->functions; at; at = at->hh.next)
		json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:o, s:i, s:o}", "function", text(at->name),
		                                      "manifest", text(at->manifest), "reach", seen_name(at->seen),
		                                      "object", text(at->object), "definitions", (int)at->copies,
		                                      "linked_in", linked_json(at)));
	return list;
}

static json_t *remarks_json(const struct hg_forecast *forecast)
{
	json_t *list = json_array();

	for (size_t i = 0; i < forecast->remark_count; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:o}", "level", level_name(forecast->remarks[i].level), "about",
		                    forecast->remarks[i].about, "text", text(forecast->remarks[i].text)));
	return list;
}

static json_t *texts_json(char *const *texts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, text(texts[i]));
	return list;
}

void hg_answer_print_json(FILE *out, const struct hg_forecast *forecast, char *const *command)
{
	size_t words = 0;

	while (command[words])
		words++;
	const struct hg_load_list *load_list = &forecast->load_list;
	json_t *answer = json_pack(
	    "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", "handleguard-doctor/1", "verdict",
	    verdict_name(forecast->verdict), "why", text(forecast->why), "command", texts_json(command, words),
	    "program", text(load_list->program[0] ? load_list->program : NULL), "libraries",
	    texts_json(load_list->objects + 1, load_list->object_count ? load_list->object_count - 1 : 0),
	    "loads_later", text(forecast->loads), "starts_others", text(forecast->starts), "functions",
	    functions_json(forecast), "remarks", remarks_json(forecast));
	json_dumpf(answer, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(answer);
}
