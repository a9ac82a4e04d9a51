/* What is no manifest, or a wrong one: it is told, whatever it is. */
#include <check.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest/parse/read.h"
#include "mistakes.h"
#include "support.h"

/* A line each: FILE:LINE:COLUMN: key 'KEY': found FOUND, expected EXPECTED; or that the key is missing, and a remedy.
 */
static void check_form(const char *errors)
{
	static const char form[] =
	    "^(net\\.yaml:[0-9]+:[0-9]+: key '[^\n]+'(: found [^\n]+, expected | is missing; )[^\n]+\n)*$";
	regex_t expression;

	ck_assert_int_eq(regcomp(&expression, form, REG_EXTENDED | REG_NOSUB), 0);
	ck_assert_msg(regexec(&expression, errors, 0, NULL, 0) == 0, "%s", errors);
	regfree(&expression);
}

START_TEST(test_mistake)
{
	char *errors;
	struct hg_manifest *manifest = parse_text("net.yaml", mistakes[_i].text, &errors);

	ck_assert_str_eq(errors, mistakes[_i].errors);
	check_form(errors);
	ck_assert_ptr_null(manifest);
	free(errors);
}
END_TEST

/* A list in the file that holds itself must not send the reader round for ever. */
START_TEST(test_self_reference)
{
	char *errors;

	ck_assert_ptr_null(parse_text("net.yaml", "&a [*a]\n", &errors));
	ck_assert_str_eq(
	    errors,
	    "net.yaml:1:1: key 'handleguard': found a list of 1 item, expected a map that says 'handleguard: 1'\n");
	free(errors);
}
END_TEST

/* Whatever is cut off or changed by one byte is either a manifest or told as a mistake, without reading astray. */
START_TEST(test_damaged)
{
	static const char whole[] = HEAD CLASSES FUNCTIONS
	    "  f: {op: {stream: [0, 1]}, create: [{class: stream, from: \"*2\", when: \"== 0\"}], "
	    "reject: {value: -1, errno: EPIPE}, zero: [{arg: 1, bytes: 8}]}\n";
	static const char bytes[] = "\n\t :-[]{}*&!|>'\"%@`0\xff";
	char text[sizeof(whole)];

	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		for (size_t j = 0; j < sizeof(bytes); j++) {
			char *errors;
			memcpy(text, whole, sizeof(whole));
			text[i] = bytes[j]; /* the last is NUL: cut off */
			struct hg_manifest *manifest = parse_text("net.yaml", text, &errors);
			ck_assert_int_eq(manifest == NULL, *errors != '\0');
			check_form(errors);
			hg_manifest_free(manifest);
			free(errors);
		}
	}
}
END_TEST

enum { MEGABYTE = 1000000 };

/* What once took hours: libyaml's lists, the search for the key before a mistake, the list of mistakes. Here the time
 * limit of a test is the measure. */
static const struct {
	const char *begin, *unit;
	const char *tail; /* after the unit and its number; NULL: the unit has none */
	const char *expected;
} nonsense[] = {
    {"", "[", NULL, "net.yaml:1:33: key 'handleguard': found more than 32 levels of maps and lists, expected fewer\n"},
    {"", "{", NULL, "net.yaml:1:33: key 'handleguard': found more than 32 levels of maps and lists, expected fewer\n"},
    {"", "- ", NULL, "net.yaml:1:65: key 'handleguard': found more than 32 levels of maps and lists, expected fewer\n"},
    {"a: b\n---\n", "[", NULL, "net.yaml:3:33: key 'handleguard': found more than 32 levels"},
    {"[", "&a", " x,", "key 'handleguard': found more than 1000 anchors, expected fewer\n"},
    {"", "%TAG !a", "! b\n",
     "net.yaml:17:1: key 'handleguard': found more than 16 lines that begin with '%', expected none\n"},
    {"\"", "a", NULL, "found unexpected end of stream"},
    {"", "a", NULL, "expected a map that says 'handleguard: 1'"},
    {"", "k", ": 1\n", "net.yaml: there are "},
    {"", "k: 1\n", NULL, "net.yaml: there are "},
    {HEAD CLASSES FUNCTIONS, "  f", ": {odd: 1}\n", "net.yaml: there are "},
    {HEAD CLASSES FUNCTIONS, "  f: {op: {stream: 0}}\n", NULL, "net.yaml: there are "},
};

START_TEST(test_megabytes_of_nonsense)
{
	char *text = malloc(MEGABYTE + 128), *errors;
	size_t size = (size_t)sprintf(text, "%s", nonsense[_i].begin);

	for (int i = 0; size < MEGABYTE; i++) {
		size += (size_t)sprintf(text + size, "%s", nonsense[_i].unit);
		if (nonsense[_i].tail)
			size += (size_t)sprintf(text + size, "%d%s", i, nonsense[_i].tail);
	}
	ck_assert_ptr_null(parse_text("net.yaml", text, &errors));
	ck_assert_msg(strstr(errors, nonsense[_i].expected) != NULL, "%s", errors);
	ck_assert_uint_lt(strlen(errors), 50000);
	free(errors);
	free(text);
}
END_TEST

START_TEST(test_files_that_are_not_read)
{
	char *errors, *folder = make_folder(), *pipe = text_of("%s/pipe.yaml", folder),
	              *large = text_of("%s/large.yaml", folder);
	char *expected = text_of("%s: cannot read the manifest: it is a pipe or a device, not a file\n"
	                         "%s: cannot read the manifest: it is larger than 1 MiB, which no manifest is\n",
	                         pipe, large);
	size_t size;
	FILE *stream = open_memstream(&errors, &size);

	ck_assert_int_eq(mkfifo(pipe, 0600), 0);
	close(open(large, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	ck_assert_int_eq(truncate(large, (1 << 20) + 1), 0);
	ck_assert_ptr_null(hg_manifest_read(pipe, stream));
	ck_assert_ptr_null(hg_manifest_read(large, stream));
	fclose(stream);
	ck_assert_str_eq(errors, expected);
	free(expected);
	free(errors);
	free(large);
	free(pipe);
	remove_folder(folder);
}
END_TEST

START_TEST(test_missing_file)
{
	char *errors;
	size_t size;
	FILE *stream = open_memstream(&errors, &size);

	ck_assert_ptr_null(hg_manifest_read("/nowhere/net.yaml", stream));
	ck_assert_ptr_null(hg_manifest_read("/", stream));
	ck_assert_ptr_null(hg_manifest_read("/dev/zero", stream));
	fclose(stream);
	ck_assert_str_eq(errors, "/nowhere/net.yaml: cannot read the manifest: No such file or directory\n"
	                         "/: cannot read the manifest: Is a directory\n"
	                         "/dev/zero: cannot read the manifest: it is a pipe or a device, not a file\n");
	free(errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manifest mistakes");
	TCase *tests = tcase_create("mistakes");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests, test_mistake, 0, (int)mistake_count);
	tcase_add_test(tests, test_self_reference);
	tcase_add_test(tests, test_damaged);
	tcase_add_loop_test(tests, test_megabytes_of_nonsense, 0, sizeof(nonsense) / sizeof(*nonsense));
	tcase_add_test(tests, test_missing_file);
	tcase_add_test(tests, test_files_that_are_not_read);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
