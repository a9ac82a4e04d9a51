/* What the doctor answers, for people and for programs, of a forecast that is made by hand. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "doctor/answer.h"
#include "said.h"

static struct hg_forecast forecast;
static char *command[] = {(char *)"./tool", (char *)"--fast", NULL};

static void add_function(const char *name, enum hg_seen seen, const char *object)
{
	struct hg_forecast_function *function = calloc(1, sizeof(*function));

	function->name = strdup(name);
	function->manifest = "box";
	function->seen = seen;
	function->object = object;
	function->copies = object ? 1 : 0;
	HASH_ADD_KEYPTR(hh, forecast.functions, function->name, strlen(name), function);
}

static void make_forecast(void)
{
	static char *objects[] = {(char *)"/bin/tool", (char *)"/lib/libbox.so"};

	forecast = (struct hg_forecast){.program = "doctor", .loads = "dlopen", .verdict = HG_FORECAST_UNKNOWN};
	strcpy(forecast.load_list.program, "/bin/tool");
	forecast.load_list.objects = objects;
	forecast.load_list.object_count = 2;
	hg_forecast_remark(&forecast, HG_REMARK_OK, "system", "kernel %d.%d", 6, 1);
	hg_forecast_remark(&forecast, HG_REMARK_PROBLEM, "functions", "a \"quoted\" one");
	hg_forecast_judge(&forecast, HG_FORECAST_COVERED, "all is well");
}

/* What a printer prints. */
static char *printed(void (*print)(FILE *))
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	print(stream);
	fclose(stream);
	return text;
}

static void print_text(FILE *out)
{
	hg_answer_print_text(out, &forecast);
}

static void print_json(FILE *out)
{
	hg_answer_print_json(out, &forecast, command);
}

START_TEST(people_are_told_each_remark_and_then_the_verdict)
{
	static const struct {
		enum hg_forecast_verdict verdict;
		const char *words;
	} cases[] = {{HG_FORECAST_COVERED, "Will be covered: all is well\n"},
	             {HG_FORECAST_NOTHING, "NOTHING will be covered: all is well\n"},
	             {HG_FORECAST_UNKNOWN, "Cannot tell: all is well\n"}};
	make_forecast();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		forecast.verdict = cases[i].verdict;
		char *text = printed(print_text), expected[256];
		snprintf(expected, sizeof(expected), "ok       kernel 6.1\nproblem  a \"quoted\" one\n%s",
		         cases[i].words);
		ck_assert_str_eq(text, expected);
		free(text);
	}
}
END_TEST

static const char *field(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text ? text : "(none)";
}

START_TEST(programs_are_told_the_same)
{
	make_forecast();
	forecast.verdict = HG_FORECAST_NOTHING;
	add_function("box_open", HG_SEEN_YES, "/lib/libbox.so");
	add_function("box_peek", HG_SEEN_LATER, NULL);
	char *text = printed(print_json);
	json_t *answer = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(answer);
	ck_assert_str_eq(field(answer, "schema"), "handleguard-doctor/1");
	ck_assert_str_eq(field(answer, "verdict"), "nothing");
	ck_assert_str_eq(field(answer, "why"), "all is well");
	ck_assert_str_eq(field(answer, "program"), "/bin/tool");
	ck_assert_str_eq(field(answer, "loads_later"), "dlopen");
	ck_assert(json_is_null(json_object_get(answer, "starts_others")));
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(answer, "command"), 1)), "--fast");
	ck_assert_uint_eq(json_array_size(json_object_get(answer, "libraries")), 1);
	const json_t *functions = json_object_get(answer, "functions"), *remarks = json_object_get(answer, "remarks");
	ck_assert_uint_eq(json_array_size(functions), 2);
	ck_assert_str_eq(field(json_array_get(functions, 0), "function"), "box_open");
	ck_assert_str_eq(field(json_array_get(functions, 0), "object"), "/lib/libbox.so");
	ck_assert_str_eq(field(json_array_get(functions, 1), "reach"), "not-loaded");
	ck_assert(json_is_null(json_object_get(json_array_get(functions, 1), "object")));
	ck_assert_str_eq(field(json_array_get(remarks, 1), "level"), "problem");
	ck_assert_str_eq(field(json_array_get(remarks, 1), "text"), "a \"quoted\" one");
	json_decref(answer);
	free(text);
}
END_TEST

/* A file name need not be text. */
START_TEST(what_is_no_text_does_not_spoil_the_answer)
{
	make_forecast();
	hg_forecast_judge(&forecast, HG_FORECAST_UNKNOWN, "no such file: \xff\xfe");
	char *text = printed(print_json);
	json_t *answer = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(answer);
	ck_assert_str_eq(field(answer, "verdict"), "unknown");
	ck_assert_str_ne(field(answer, "why"), "(none)");
	json_decref(answer);
	free(text);
}
END_TEST

int main(void)
{
	return SAID_SUITE("doctor: answer", people_are_told_each_remark_and_then_the_verdict,
	                  programs_are_told_the_same, what_is_no_text_does_not_spoil_the_answer);
}
