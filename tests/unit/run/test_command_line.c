/* The command line of `handleguard run`: what it says, what the environment says besides, and each mistake in one line.
 */
#include <stdlib.h>

#include "program/status.h"
#include "run/command_line.h"
#include "said.h"

static struct hg_run_options options;
static const char *said;

/* The words outlive the options, which point to them, as those of a process do. */
static bool read_words(const char *const *words, size_t count)
{
	char **copy = said_kept(calloc(count + 2, sizeof(*copy)));

	copy[0] = strdup("run");
	for (size_t i = 0; i < count; i++)
		copy[i + 1] = strdup(words[i]);
	hg_run_options_free(&options);
	said_begin();
	bool read = hg_run_options_read(&options, (int)count + 1, copy);
	said = said_end();
	return read;
}
#define READ(...)                                                                                                      \
	read_words((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

START_TEST(what_is_not_said_is_preset)
{
	ck_assert(READ("-m", "one.yaml", "--", "true"));
	ck_assert_uint_eq(options.manifest_count, 1);
	ck_assert_str_eq(options.manifests[0], "one.yaml");
	ck_assert_str_eq(options.command[0], "true");
	ck_assert_int_eq(options.reports.format, HG_REPORT_TEXT);
	ck_assert_uint_eq(options.reports.file_count, 0);
	ck_assert_int_eq(options.error_exitcode, HG_STATUS_FINDINGS);
	ck_assert(!options.keep && !options.require_coverage);
	ck_assert_ptr_null(hg_run_option_given(&options, HG_OPTION_mode));
	ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(everything_can_be_said)
{
	ck_assert(READ("-m", "a", "--manifest=b", "--format=json", "--report=-", "--report=sarif:x",
	               "--path-map=/from=/to", "--source-root=/src", "--fail-on=note", "--error-exitcode=3", "--keep",
	               "--require-coverage", "--mode=observe", "-o", "/x", "ls", "--keep", "-m", "c"));
	ck_assert_uint_eq(options.manifest_count, 2);
	ck_assert_int_eq(options.reports.format, HG_REPORT_JSON);
	ck_assert_uint_eq(options.reports.file_count, 2);
	ck_assert_str_eq(options.reports.files[0], "-");
	ck_assert_str_eq(options.reports.files[1], "sarif:x");
	ck_assert_str_eq(options.reports.maps[0].to, "/to");
	ck_assert_str_eq(options.reports.source_root, "/src");
	ck_assert_int_eq(options.fail_on, HG_LEVEL_NOTE);
	ck_assert_int_eq(options.error_exitcode, 3);
	ck_assert(options.keep && options.require_coverage);
	ck_assert_str_eq(hg_run_option_value(&options, HG_OPTION_mode), "observe");
	ck_assert_str_eq(hg_run_option_value(&options, HG_OPTION_output), "/x");
	/* The command's own options are its own. */
	ck_assert_str_eq(options.command[0], "ls");
	ck_assert_str_eq(options.command[3], "c");
	ck_assert_ptr_null(options.command[4]);
}
END_TEST

START_TEST(of_a_word_that_is_given_twice_the_last_one_counts)
{
	ck_assert(READ("-m", "a", "--format=text", "--format=github", "true"));
	ck_assert_int_eq(options.reports.format, HG_REPORT_GITHUB);
}
END_TEST

START_TEST(the_command_line_goes_before_the_environment)
{
	setenv("HANDLEGUARD_MODE", "observe", 1);
	setenv("HANDLEGUARD_DRAIN", "defer", 1);
	ck_assert(READ("-m", "a", "--mode=abort", "true"));
	ck_assert_str_eq(hg_run_option_value(&options, HG_OPTION_mode), "abort");
	ck_assert_str_eq(hg_run_option_value(&options, HG_OPTION_drain), "defer");
	hg_run_options_export(&options);
	ck_assert_str_eq(getenv("HANDLEGUARD_MODE"), "abort");
	ck_assert_str_eq(getenv("HANDLEGUARD_DRAIN"), "defer");
}
END_TEST

START_TEST(a_command_is_needed)
{
	ck_assert(!READ("-m", "a"));
	ck_assert_str_eq(said, "run: no command was given; write it after --, as in run -m MANIFEST -- COMMAND\n");
}
END_TEST

START_TEST(a_wrong_word_is_told_with_the_nearest)
{
	ck_assert(!READ("-m", "a", "--mode=gaurd", "true"));
	ck_assert_str_eq(said,
	                 "run: --mode is 'gaurd', but must be one of guard, observe, abort; did you mean guard?\n");
	ck_assert(!READ("-m", "a", "--format=xml", "true"));
	ck_assert_str_eq(said, "run: --format is 'xml', but must be one of text, json, ndjson, sarif, junit, github, "
	                       "html, suppressions, trace\n");
}
END_TEST

START_TEST(a_wrong_number_is_told_with_its_bounds)
{
	static const char *const wrong[] = {"-1", "256", "3x", "", " 3", "99999999999999999999"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char argument[64], expected[128];
		snprintf(argument, sizeof(argument), "--error-exitcode=%s", wrong[i]);
		snprintf(expected, sizeof(expected),
		         "run: --error-exitcode is '%s', but must be a whole number from 0 to 255\n", wrong[i]);
		ck_assert(!READ("-m", "a", argument, "true"));
		ck_assert_str_eq(said, expected);
	}
}
END_TEST

START_TEST(a_wrong_value_of_the_environment_is_told_by_its_variable)
{
	setenv("HANDLEGUARD_DRAIN", "never", 1);
	ck_assert(!READ("-m", "a", "true"));
	ck_assert_str_eq(said, "run: HANDLEGUARD_DRAIN is 'never', but must be one of wait, defer, auto\n");
	setenv("HANDLEGUARD_DRAIN", "wait", 1);
	setenv("HANDLEGUARD_OUTPUT", "", 1);
	ck_assert(!READ("-m", "a", "true"));
	ck_assert_str_eq(said, "run: HANDLEGUARD_OUTPUT is empty, but must name a folder\n");
}
END_TEST

START_TEST(a_variable_that_nobody_reads_is_noticed)
{
	setenv("HANDLEGUARD_MOED", "observe", 1);
	ck_assert(READ("-m", "a", "true"));
	ck_assert_has(said, "HANDLEGUARD_MOED, which is no variable of handleguard and changes nothing; did you mean "
	                    "HANDLEGUARD_MODE?");
}
END_TEST

int main(void)
{
	return SAID_SUITE(
	    "run: command line", what_is_not_said_is_preset, everything_can_be_said,
	    of_a_word_that_is_given_twice_the_last_one_counts, the_command_line_goes_before_the_environment,
	    a_command_is_needed, a_wrong_word_is_told_with_the_nearest, a_wrong_number_is_told_with_its_bounds,
	    a_wrong_value_of_the_environment_is_told_by_its_variable, a_variable_that_nobody_reads_is_noticed);
}
